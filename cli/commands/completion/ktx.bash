# Completion of ktx for bash.
#
# For you:      ktx completion bash > ~/.local/share/bash-completion/completions/ktx
# Or this shell only:  source <(ktx completion bash)
# Without the package bash-completion, add that second line to ~/.bashrc.

_ktx() {
  local program line directive=""
  program=$(type -P -- "$1") || program=ktx
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) directive+=$line ;;
      *) COMPREPLY+=("$line") ;;
    esac
  done < <("$program" __complete bash -- "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null)
  # bash 3.2 has no compopt; it then puts a space behind a word that may go on.
  type compopt >/dev/null 2>&1 || return 0
  case $directive in
    *:files*) compopt -o default ;;
    *:folders*) compopt -o dirnames ;;
    *:open*) compopt -o nospace ;;
  esac
  return 0
}

complete -F _ktx ktx
