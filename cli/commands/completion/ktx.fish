# Completion of ktx for fish.
#
# For you:  ktx completion fish > ~/.config/fish/completions/ktx.fish
# Or this shell only:  ktx completion fish | source

function __ktx_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l program $typed[1]
    type -q -- "$program"; or set program ktx
    set -e typed[1]
    set -l option (string match -r -- '^--[^=]*=' "$current")
    set -l path (string replace -r -- '^--[^=]*=' '' "$current")
    for line in (command $program __complete fish -- $typed "$current" 2>/dev/null)
        switch $line
            case ':files'
                for one in (__fish_complete_path "$path")
                    echo "$option$one"
                end
            case ':folders'
                for one in (__fish_complete_directories "$path" '')
                    echo "$option$one"
                end
            case ':open'
            case '*'
                echo $line
        end
    end
end

complete -c ktx -f -a '(__ktx_complete)'
