#!/bin/sh
# Restart the processes of this machine one after the other, so that customers notice nothing:
#   deploy/rolling-restart.sh 8001 8002
# Each one sends its clients to the others, ends, starts, and has to be ready before the next one's turn.
set -eu
for port in "$@"; do
    systemctl restart "helpcenter@$port"
    tries=0
    until curl --fail --silent --output /dev/null --max-time 5 "http://127.0.0.1:$port/readyz"; do
        tries=$((tries + 1))
        if [ "$tries" -ge 60 ]; then
            echo "The process on port $port does not become ready; the others were left alone." >&2
            exit 1
        fi
        sleep 1
    done
    echo "restarted: $port"
done
