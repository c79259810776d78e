# bash completion for danelaw(1). tests/cli/completion.py holds it against the tool's own help.

# The options of a command, or of the tool itself.
_danelaw_options() {
  local dns="--timeout --trust-anchors --trust-anchor-state --engine --root-servers --resolver --resolver-ca-file"
  local plugin="--mode --profile --cache --log --log-level --verify-none --config --set --plugin-dir"
  echo "-h --help"
  case $1 in
    "") echo "--version" ;;
    check)
      echo "$dns --starttls --mode --profile --dane-ee-no-namecheck --ca-file --tls-max --address -4 -6 --records" \
        "--dnssec-chain --all --json --cache"
      ;;
    doctor) echo "$dns $plugin --as-is --offline --json" ;;
    lookup) echo "$dns --save-proof --climb --trace --dot --json --cache" ;;
    proof) echo "$dns -o --output --extension-data --lifetime --json" ;;
    run) echo "$dns $plugin" ;;
    smtp) echo "$dns --file --connect --mode --insecure-mx --jobs --json" ;;
    tlsa)
      echo "$dns --from --starttls --service --mx --port --record --ttl --format --replace --server --zone --json" \
        "--rollover --current --next --current-record --propagation --signature-lifetime --time --lookup --check --published --step"
      ;;
    validate-proof) echo "--proof --extension-data --anchors --qname --qtype --time --trace --dot --json" ;;
    verify-chain) echo "--chain --tlsa --name --ca-file --dane-ee-no-namecheck --verify-depth --time --json" ;;
    watch)
      echo "$dns --interval --jobs --warn-certificates --warn-signatures --state --prometheus --once --nagios --json"
      ;;
  esac
}

# The words that may follow an option; fails where the option takes no value.
_danelaw_values() {
  case $1 in
    --starttls) compgen -W "smtp imap pop3 ftp xmpp ldap postgres" -- "$2" ;;
    --mode) compgen -W "off opportunistic mandatory" -- "$2" ;;
    --profile) compgen -W "generic smtp srv" -- "$2" ;;
    --engine) compgen -W "stub recursing none" -- "$2" ;;
    --tls-max) compgen -W "1.2 1.3" -- "$2" ;;
    --insecure-mx) compgen -W "may encrypt dane" -- "$2" ;;
    --format) compgen -W "zone generic nsupdate" -- "$2" ;;
    --log-level) compgen -W "refusals info" -- "$2" ;;
    --verify-none) compgen -W "respect enforce" -- "$2" ;;
    --time) compgen -W "now" -- "$2" ;;
    --log) compgen -W "off stderr syslog" -f -- "$2" ;;
    --qtype) _danelaw_types "$2" ;;
    --name | --qname | --address | --from | --service | --mx | --server) compgen -A hostname -- "$2" ;;
    --trust-anchors | --trust-anchor-state | --resolver-ca-file | --ca-file | --records | --save-proof | -o | --output | --file | \
      --proof | --anchors | --chain | --tlsa | --config | --state | --prometheus | \
      --current | --next) compgen -f -- "$2" ;;
    --cache | --plugin-dir) compgen -d -- "$2" ;;
    --timeout | --root-servers | --resolver | --lifetime | --jobs | --verify-depth | --set | --port | --ttl | --zone | --record | \
      --current-record | --propagation | --signature-lifetime | --published | --step | \
      --interval | --warn-certificates | --warn-signatures) ;;
    *) return 1 ;;
  esac
  return 0
}

_danelaw_types() {
  compgen -W "A AAAA CAA CERT CNAME DNSKEY DS MX NS SOA SRV SSHFP TLSA TXT" -- "${1^^}"
}

_danelaw() {
  local commands="check doctor lookup proof run smtp tlsa validate-proof verify-chain watch"
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command="" positional=0 i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case ${COMP_WORDS[i]} in
      --)
        if [[ $command == run || $command == doctor ]]; then
          if declare -F _command_offset >/dev/null; then
            _command_offset $((i + 1))
          elif ((COMP_CWORD == i + 1)); then
            mapfile -t COMPREPLY < <(compgen -c -- "$word")
          else
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
          fi
          return
        fi
        ;;
      -*) if _danelaw_values "${COMP_WORDS[i]}" "" >/dev/null; then ((++i)); fi ;;
      *) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; else ((++positional)); fi ;;
    esac
  done
  if mapfile -t COMPREPLY < <(_danelaw_values "$previous" "$word") && _danelaw_values "$previous" "" >/dev/null; then
    compopt -o filenames 2>/dev/null
  elif [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_danelaw_options "$command")" -- "$word")
  elif [[ -z $command ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
  elif [[ $command == lookup && $positional == 1 ]]; then
    mapfile -t COMPREPLY < <(_danelaw_types "$word")
  elif [[ $command == tlsa || $command == watch ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    compopt -o filenames 2>/dev/null
  else
    mapfile -t COMPREPLY < <(compgen -A hostname -- "$word")
  fi
}

complete -F _danelaw danelaw
