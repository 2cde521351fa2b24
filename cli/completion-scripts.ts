/** Shells that there is a completion for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/**
 * What teaches a shell to complete `faultlab`. The scripts hold no names: they ask the command, so
 * that they need no renewal.
 */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: String.raw`# faultlab completion for bash: eval "$(faultlab completion bash)"
_faultlab() {
  local cur=${'${COMP_WORDS[COMP_CWORD]}'} line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur")
    else
      COMPREPLY+=("$line")
    fi
  done < <("$1" complete -- "${'${COMP_WORDS[@]:1:COMP_CWORD}'}" 2>/dev/null)
}
complete -F _faultlab faultlab`,
  zsh: String.raw`#compdef faultlab
# faultlab completion for zsh: source <(faultlab completion zsh), after compinit
_faultlab() {
  local line files
  local -a found
  for line in "${'${(@f)$(${words[1]} complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}'}"; do
    if [[ $line == :files ]]; then files=1; elif [[ -n $line ]]; then found+=("$line"); fi
  done
  (( ${'${#found}'} )) && compadd -- "${'${found[@]}'}"
  [[ -n $files ]] && _files
}
(( ${'${+functions[compdef]}'} )) && compdef _faultlab faultlab`,
  fish: String.raw`# faultlab completion for fish: faultlab completion fish | source
function __faultlab_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c faultlab -f -a '(__faultlab_complete)'`,
};

/** Below the options of `completion --help`. */
export const completionHelp: string = `
  bash: eval "$(faultlab completion bash)"       in ~/.bashrc
  zsh:  source <(faultlab completion zsh)        in ~/.zshrc, after compinit
  fish: faultlab completion fish | source        in config.fish`;
