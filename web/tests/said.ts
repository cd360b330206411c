/* A message as the protocol tells of it, for tests that care for a part of it. */

import type { Said } from "../src/irc/events";

export const said = (more: Partial<Said> = {}): Said => ({
  id: "1",
  time: 1000,
  nick: "berto",
  account: null,
  bot: false,
  kind: "say",
  target: "#sala",
  text: "hola",
  tags: {},
  fromServer: false,
  ...more,
});
