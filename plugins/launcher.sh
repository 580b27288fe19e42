#!/bin/sh
# Starts Sluice out of the folder that Claude Code keeps its plugin in: `sluice <command>`, and for the client itself
# `sluice --plugin-server` and `sluice --plugin-bell`.
# Owns: finding a Node that is new enough, also where no shell profile was read (an editor's or a desktop's start). Never: installs one.
# Where there is none, the server still answers, and says so at the session's first prompt: the client shows nobody a server's stderr.
set -u

case $0 in */*) self=$0 ;; *) self=./$0 ;; esac
while [ -L "$self" ]; do
  to=$(readlink "$self") || break
  case $to in /*) self=$to ;; *) self=${self%/*}/$to ;; esac
done
root=$(CDPATH= cd -P -- "${self%/*}/.." && pwd) || exit 78

found=
# The first that was looked at and is too old, for the message.
old=

# node:sqlite without a flag came with 22.13 and 23.4.
try() {
  case $1 in /*) [ -x "$1" ] && [ ! -d "$1" ] || return 1 ;; *) return 1 ;; esac
  version=$("$1" --version 2>/dev/null </dev/null) || return 1
  case $version in v[0-9]*.[0-9]*.[0-9]*) ;; *) return 1 ;; esac
  numbers=${version#v}
  major=${numbers%%.*}
  rest=${numbers#*.}
  minor=${rest%%.*}
  case $major$minor in *[!0-9]*) return 1 ;; esac
  if [ "$major" -gt 23 ] || { [ "$major" -eq 23 ] && [ "$minor" -ge 4 ]; } || { [ "$major" -eq 22 ] && [ "$minor" -ge 13 ]; }; then
    found=$1
    return 0
  fi
  [ -n "$old" ] || old="$1 is $version"
  return 1
}

# Of several versions in a folder the newest: the names of the folders begin with the version, with or without a v.
try_newest() {
  list=
  for one in "$@"; do [ -x "$one" ] && list="$list$one
"; done
  [ -n "$list" ] || return 1
  list=$(printf '%s' "$list" | sed 's|^\(.*/\)\(v\{0,1\}\)\([0-9][0-9]*\)\.\([0-9][0-9]*\)\.\([0-9][0-9]*\)\(/.*\)$|\3 \4 \5 &|' | sort -k1,1nr -k2,2nr -k3,3nr | sed 's|^[0-9]* [0-9]* [0-9]* ||')
  while IFS= read -r one; do
    [ -n "$one" ] && try "$one" && return 0
  done <<LIST
$list
LIST
  return 1
}

find_node() {
  [ -n "${SLUICE_NODE:-}" ] && try "$SLUICE_NODE" && return 0
  IFS_BEFORE=$IFS
  IFS=:
  set -f
  for part in ${PATH:-}; do
    IFS=$IFS_BEFORE
    case $part in /*) try "${part%/}/node" && { set +f; return 0; } ;; esac
  done
  IFS=$IFS_BEFORE
  set +f
  home=${HOME:-/nonexistent}
  data=${XDG_DATA_HOME:-$home/.local/share}
  # Version managers, in their own folders, since what they put on PATH goes by the folder that it is called in: https://github.com/nvm-sh/nvm,
  # https://volta.sh, https://github.com/Schniz/fnm, https://asdf-vm.com, https://mise.jdx.dev, https://github.com/tj/n,
  # https://github.com/nodenv/nodenv, https://moonrepo.dev/proto, https://github.com/jorgebucaran/nvm.fish, https://pnpm.io/cli/env,
  # https://github.com/hokaccha/nodebrew
  try_newest "${NVM_DIR:-$home/.nvm}"/versions/node/*/bin/node && return 0
  try_newest "${XDG_CONFIG_HOME:-$home/.config}"/nvm/versions/node/*/bin/node && return 0
  try_newest "$data"/nvm/*/bin/node && return 0
  try_newest "${VOLTA_HOME:-$home/.volta}"/tools/image/node/*/bin/node && return 0
  for one in "${FNM_DIR:-$data/fnm}" "$home/.fnm" "$home/Library/Application Support/fnm"; do
    try_newest "$one"/node-versions/*/installation/bin/node && return 0
  done
  try_newest "${ASDF_DATA_DIR:-$home/.asdf}"/installs/nodejs/*/bin/node && return 0
  try_newest "${MISE_DATA_DIR:-$data/mise}"/installs/node/*/bin/node && return 0
  try_newest "${N_PREFIX:-/usr/local}"/n/versions/node/*/bin/node && return 0
  try_newest "${NODENV_ROOT:-$home/.nodenv}"/versions/*/bin/node && return 0
  try_newest "${PROTO_HOME:-$home/.proto}"/tools/node/*/bin/node && return 0
  for one in "${PNPM_HOME:-$data/pnpm}" "$home/Library/pnpm"; do
    try_newest "$one"/nodejs/*/bin/node && return 0
  done
  try_newest "$home"/.nodebrew/node/*/bin/node && return 0
  # Homebrew, the system's own, and what people put there by hand.
  for one in /opt/homebrew /usr/local /home/linuxbrew/.linuxbrew; do
    try "$one/bin/node" && return 0
    try "$one/opt/node/bin/node" && return 0
    try_newest "$one"/Cellar/node*/*/bin/node && return 0
  done
  for one in /usr/bin /opt/local/bin /snap/bin /run/current-system/sw/bin "$home/.nix-profile/bin" "$home/.local/bin" "$home/bin"; do
    try "$one/node" && return 0
  done
  return 1
}

# An MCP server that has nothing to offer but its reason. It reads one message a line, and a hook's answer is JSON in a text:
# https://code.claude.com/docs/en/hooks#json-output
serve_reason() {
  told=
  while IFS= read -r line; do
    # The client writes the id last; what stands in a text has its quotes escaped.
    id=${line##*\"id\":}
    [ "$id" = "$line" ] && continue
    id=${id%%[,\}]*}
    case $id in *[!0-9]* | '') case $id in '"'*'"') ;; *) continue ;; esac ;; esac
    case $line in
      *'"method":"initialize"'*)
        asked=${line#*\"protocolVersion\":\"}
        [ "$asked" = "$line" ] && asked=2025-11-25
        asked=${asked%%\"*}
        case $asked in *[!0-9-]*) asked=2025-11-25 ;; esac
        result="{\"protocolVersion\":\"$asked\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"sluice\",\"version\":\"0\"},\"instructions\":\"$1\"}"
        ;;
      *'"method":"tools/list"'*) result='{"tools":[]}' ;;
      *'"method":"tools/call"'*)
        text='{}'
        case $line in
          *'"event":"UserPromptSubmit"'*)
            [ -z "$told" ] && text="{\\\"systemMessage\\\":\\\"$1\\\"}"
            told=yes
            ;;
        esac
        result="{\"content\":[{\"type\":\"text\",\"text\":\"$text\"}]}"
        ;;
      *'"method":"ping"'*) result='{}' ;;
      *)
        printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"Method not found"}}\n' "$id" || return
        continue
        ;;
    esac
    printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result" || return
  done
}

# A process that nobody has asked for its end yet has ended all the same.
is_there() {
  kill -0 "$1" 2>/dev/null || return 1
  case $(ps -o stat= -p "$1" 2>/dev/null) in Z*) return 1 ;; esac
}

if ! find_node; then
  reason="Sluice does not run: it needs Node.js 22.13 or newer, and ${old:-none was found}; install one (https://nodejs.org), or set SLUICE_NODE to its path, and start the session anew"
  # Neither JSON nor a line for people may be broken by a path.
  reason=$(printf '%s' "$reason" | tr -d '\000-\037"\\')
  case ${1:-} in
    --plugin-server) serve_reason "$reason" ;;
    # One that ends is told to the model, which is a turn: it stays as long as the client does.
    --plugin-bell)
      while is_there "${CLAUDE_PID:-$PPID}"; do sleep 3; done
      exit 0
      ;;
    *) printf '%s\n' "$reason" >&2 ;;
  esac
  exit 78
fi

case ${1:-} in
  --plugin-server)
    export SLUICE_NODE="$found" SLUICE_CLI="$root/bin/sluice.js"
    # Without V8's optimising compilers: it answers a few calls a minute, and they would keep tens of MiB.
    exec "$found" --no-opt --no-maglev "$root/dist/client/shim.js" --plugin --replace-older
    ;;
  --plugin-bell) exec "$found" "$root/dist/client/bell.js" ;;
esac
exec "$found" "$root/bin/sluice.js" "$@"
