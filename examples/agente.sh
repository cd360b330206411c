#!/bin/sh
# Un agente en sh y nc: entra con su ficha y responde una vez a cada pregunta.
#
#     TERTULIA_AGENT_TOKEN=tta.scout... sh agente.sh 127.0.0.1 6667 '#tertulia'
#
# An agent in sh and nc: it comes in with its token and answers each question once. What it answers to is claimed from
# its inbox (docs/extensions/inbox.md), so that nothing is lost or answered twice, whoever dies.
set -eu
host=$1 port=$2 room=$3
name=$(printf '%s' "$TERTULIA_AGENT_TOKEN" | cut -d. -f2)
pipes=$(mktemp -d)
trap 'rm -rf "$pipes"' EXIT
mkfifo "$pipes/out"

say() { printf '%s\r\n' "$@" >&3; }
tag() { printf '%s' "$2" | tr ';' '\n' | sed -n "s|^$1=||p"; }

answer() { # its tags, who asked, where
    id=$(tag msgid "$1")
    ack="tertulia.chat/ack=$(tag tertulia.chat/claim "$1"),$id"
    case $3 in '#'*) target=$3 ;; *) target=$2 ;; esac
    # the answer and its acknowledgement are stored together: the tag says which event it answers
    say "@$ack;+draft/reply=$id PRIVMSG $target :$2: recibido / received"
}

hear() {
    while IFS= read -r line; do
        line=$(printf '%s' "$line" | tr -d '\r')
        tags=''
        case $line in @*) tags=${line%% *} tags=${tags#@} line=${line#* } ;; esac
        case $line in
            'PING '*) say "PONG ${line#PING }" ;;
            *' 001 '*) say "JOIN $room" 'INBOX CLAIM 20' ;;
            *' INBOX CLAIMED 0 '*) ;;
            *' INBOX CLAIMED '*) say 'INBOX CLAIM 20' ;; # all of that is answered by now: is there more?
            *' 904 '*) exit 1 ;;
            ':'*'!'*' PRIVMSG '*)
                nick=${line#:} nick=${nick%%!*} rest=${line#* PRIVMSG }
                case $tags in
                    *tertulia.chat/claim=*) answer "$tags" "$nick" "${rest%% *}" ;;
                    *) say 'INBOX CLAIM 20' ;; # something was said: is it for us?
                esac ;;
        esac
    done
}

exec 3<>"$pipes/out"
secret=$(printf '\0%s\0%s' "$name" "$TERTULIA_AGENT_TOKEN" | base64 | tr -d '\n')
say 'CAP LS 302' "NICK $name" "USER $name 0 * :An agent" 'CAP REQ :sasl message-tags batch' \
    'AUTHENTICATE PLAIN' "AUTHENTICATE $secret" 'CAP END'
nc "$host" "$port" <&3 | hear
