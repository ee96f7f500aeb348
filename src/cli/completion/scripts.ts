import { type Failure, fail } from '../../model/failure.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

// Each hands the words before the cursor to `rehome __complete`, which prints one candidate a line.

const bash = `# rehome completion for bash
_rehome() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=() line
  # Bash takes : and = for ends of words; put hcn:1.0.0 and --flag=value together again.
  local joined="\${COMP_LINE:0:COMP_POINT}"
  read -ra words <<<"$joined"
  [[ "$joined" == *[[:space:]] ]] && words+=("")
  local last="\${words[\${#words[@]}-1]}"
  local prefix="\${last%"$current"}"
  COMPREPLY=()
  while IFS= read -r line; do
    line="\${line%%$'\\t'*}"
    COMPREPLY+=("\${line#"$prefix"}")
  done < <("\${words[0]}" __complete -- "\${words[@]:1}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == *[:=] ]] && compopt -o nospace
}
complete -F _rehome rehome`;

const zsh = `#compdef rehome
# rehome completion for zsh
_rehome() {
  local -a lines whole open
  local line word text
  lines=("\${(@f)$("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do
    [[ -z "$line" ]] && continue
    word="\${line%%$'\\t'*}"
    text="\${word//:/\\\\:}"
    [[ "$line" == *$'\\t'* ]] && text+=":\${line#*$'\\t'}"
    # Behind hcn: comes a version, without a space.
    if [[ "$word" == *: ]]; then open+=("$text"); else whole+=("$text"); fi
  done
  local found=1
  (( \${#whole} )) && _describe 'rehome' whole && found=0
  (( \${#open} )) && _describe 'rehome' open -S '' && found=0
  return found
}
if [[ "$funcstack[1]" == _rehome ]]; then _rehome "$@"; else compdef _rehome rehome; fi`;

const fish = `# rehome completion for fish
function __rehome_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  $words[1] __complete -- $words[2..-1] "$current" 2>/dev/null
end
complete -c rehome -f -a '(__rehome_complete)'`;

export function completionScript(shell: string): string | Failure {
  const script = { bash, zsh, fish }[shell];
  if (script !== undefined) return script;
  return fail('usage', `there is no completion for ${JSON.stringify(shell)}`, {
    found: shell,
    expected: shells.join(', '),
  });
}
