"""The MCP door: agents that speak the Model Context Protocol, as members of the same rooms.

What belongs here: a client's connection, the tools, and MCP's two transports. What must not: anything of the
server's. The door logs in with the agent's token and speaks IRC like any other client, so every permission
holds; nothing in the server knows MCP. The SDK (`mcp`) is imported when the door is used.
"""
