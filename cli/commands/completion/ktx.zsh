#compdef ktx
# Completion of ktx for zsh.
#
# For you:  mkdir -p ~/.zfunc && ktx completion zsh > ~/.zfunc/_ktx
#           and in ~/.zshrc, before compinit:  fpath+=(~/.zfunc)
# Or this shell only:  source <(ktx completion zsh)

_ktx() {
  local program=${(Q)words[1]} line current
  local -a described space
  whence -p -- "$program" >/dev/null || program=ktx
  local -a typed=("${(@Q)words[2,CURRENT-1]}")
  case ${compstate[quote]} in  # of an open quote; PREFIX begins behind it
    \') current=$PREFIX ;;
    \") current=${(Q):-\"$PREFIX\"} ;;
    *) current=${(Q)PREFIX} ;;
  esac
  local -a answer=("${(@f)$(command "$program" __complete zsh -- "${typed[@]}" "$current" 2>/dev/null)}")
  if [[ $PREFIX == --*=* ]]; then  # the option's name stays where it is
    IPREFIX+="${PREFIX%%=*}="
    PREFIX=${PREFIX#*=}
  fi
  for line in "${answer[@]}"; do
    case $line in
      (:files) _files; return ;;
      (:folders) _files -/; return ;;
      (:open) space=(-S '') ;;
      (*$'\t'*) described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
      (?*) described+=("${line//:/\\:}") ;;
    esac
  done
  # -U: ktx has chosen already, and a name that needs quotes does not begin with what was typed.
  _describe -V ktx described "${space[@]}" -U -i "$IPREFIX"
}

if [[ ${funcstack[1]} == _ktx ]]; then
  _ktx "$@"
else
  compdef _ktx ktx
fi
