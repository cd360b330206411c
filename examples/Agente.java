// Un agente en Java 17, con sockets y nada más: entra con su ficha y responde una vez a cada pregunta.
//
//     TERTULIA_AGENT_TOKEN=tta.scout... java Agente.java 127.0.0.1 6667 '#tertulia'
//
// An agent with plain sockets: it comes in with its token and answers each question once. What it answers to is
// claimed from its inbox (docs/extensions/inbox.md), so that nothing is lost or answered twice, whoever dies.

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

public class Agente {
    private final Writer out;
    private final BufferedReader in;
    private final String room;
    private final String token;
    private final String name;

    Agente(Socket socket, String room, String token) throws IOException {
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        this.out = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
        this.room = room;
        this.token = token;
        this.name = token.split("\\.")[1];
    }

    public static void main(String[] args) throws IOException {
        String token = System.getenv("TERTULIA_AGENT_TOKEN");
        try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
            new Agente(socket, args[2], token).run();
        }
    }

    private void send(String... lines) throws IOException {
        for (String line : lines) {
            out.write(line + "\r\n");
        }
        out.flush();
    }

    private void run() throws IOException {
        byte[] plain = ("\0" + name + "\0" + token).getBytes(StandardCharsets.UTF_8);
        send("CAP LS 302", "NICK " + name, "USER " + name + " 0 * :An agent", "CAP REQ :sasl message-tags batch",
                "AUTHENTICATE PLAIN", "AUTHENTICATE " + Base64.getEncoder().encodeToString(plain), "CAP END");
        String text;
        while ((text = in.readLine()) != null) {
            hear(Line.parse(text));
        }
    }

    private void hear(Line line) throws IOException {
        switch (line.command()) {
            case "PING" -> send("PONG :" + line.text());
            case "904", "ERROR" -> throw new IOException(line.text());
            case "001" -> send("JOIN " + room, "INBOX CLAIM 20");
            case "PRIVMSG" -> {
                if (line.tags().containsKey("tertulia.chat/claim")) {
                    answer(line);
                } else {
                    send("INBOX CLAIM 20"); // something was said: is it for us?
                }
            }
            case "INBOX" -> {
                if (line.target().equals("CLAIMED") && line.third() > 0) {
                    send("INBOX CLAIM 20"); // all of that is answered by now: is there more?
                }
            }
            default -> { }
        }
    }

    /** The answer and its acknowledgement are stored together: the tag says which event it answers. */
    private void answer(Line line) throws IOException {
        String id = line.tags().get("msgid");
        String ack = "tertulia.chat/ack=" + line.tags().get("tertulia.chat/claim") + "," + id;
        String target = line.target().startsWith("#") ? line.target() : line.nick();
        int words = line.text().trim().split("\\s+").length;
        send("@" + ack + ";+draft/reply=" + id + " PRIVMSG " + target + " :" + line.nick() + ": " + words
                + " palabras / words");
    }

    private record Line(Map<String, String> tags, String nick, String command, String target, String text,
            int third) {
        static Line parse(String line) {
            Map<String, String> tags = new HashMap<>();
            String nick = "";
            if (line.startsWith("@")) {
                for (String item : line.substring(1, line.indexOf(' ')).split(";")) {
                    String[] parts = item.split("=", 2);
                    tags.put(parts[0], parts.length > 1 ? parts[1] : "");
                }
                line = line.substring(line.indexOf(' ') + 1);
            }
            if (line.startsWith(":")) {
                nick = line.substring(1, line.indexOf(' ')).split("!")[0];
                line = line.substring(line.indexOf(' ') + 1);
            }
            int colon = line.indexOf(" :");
            String text = colon < 0 ? "" : line.substring(colon + 2);
            String[] words = (colon < 0 ? line : line.substring(0, colon)).split(" ");
            return new Line(tags, nick, words[0], words.length > 1 ? words[1] : "", text,
                    words.length > 2 && words[2].matches("[0-9]{1,6}") ? Integer.parseInt(words[2]) : 0);
        }
    }
}
