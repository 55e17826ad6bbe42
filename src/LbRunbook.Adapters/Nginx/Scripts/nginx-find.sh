# Behind process-place.sh: every nginx here, whoever started it and with whatever words: told by the kernel, not by a pid file, which may be empty, gone, or name
# another process by now. $1 binary  $2 pid file  $3 configuration
# Words with tabs between them, a line each: "process kind pid start place executable directory title", "pidfile text", "config path",
# "build executable", then what that executable says of how it was built.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
LC_ALL=C; export LC_ALL
line() { first=$1; shift; printf '%s' "$first"; [ $# = 0 ] || printf '\t%s' "$@"; echo; }

pidfile=
read -r pidfile 2>/dev/null <"$2"
line pidfile "$pidfile"
line config "$(readlink -f "$3" 2>/dev/null)"
configured=$(command -v "$1")

# Its twentieth word after the name is when it began: a pid that was given to another process has another one.
began() { read -r stat 2>/dev/null <"/proc/$1/stat" || stat=; set -- ${stat##*) }; echo "${20:-}"; }
parent() { read -r stat 2>/dev/null <"/proc/$1/stat" || stat=; set -- ${stat##*) }; echo "${2:-}"; }

executables=$configured
for folder in /proc/[0-9]*; do
    title=
    read -r title 2>/dev/null <"$folder/cmdline"
    pid=${folder#/proc/}
    case $title in
        "nginx: master process"*) kind=master ;;
        "nginx: worker process"*)
            of=
            read -r of 2>/dev/null <"/proc/$(parent "$pid")/cmdline"
            case $of in "nginx: "*) continue ;; esac
            kind=orphan ;;
        "nginx: "*) continue ;;
        # A test, a reload or a question of somebody's, gone in a moment: the words stand without blanks here.
        *nginx-[tTsvVh]*) continue ;;
        *nginx*)
            comm=
            read -r comm 2>/dev/null <"$folder/comm"
            [ "$comm" = nginx ] || continue
            kind=single ;;
        *) continue ;;
    esac
    executable=$(readlink "$folder/exe" 2>/dev/null)
    # Only a title says otherwise of a script that calls itself so.
    case ${executable%" (deleted)"} in '' | *nginx* | *openresty* | "$configured") ;; *) continue ;; esac
    if [ -z "$executable" ] || [ "$folder/exe" -ef "$configured" ]; then executable=$1; else executable=${executable%" (deleted)"}; fi
    where=$(place "$pid")
    line process "$kind" "$pid" "$(began "$pid")" "$where" "$executable" "$(readlink "$folder/cwd" 2>/dev/null)" "$title"
    [ "$where" = here ] || continue
    case "
$executables
" in *"
$executable
"*) ;; *) [ "$executable" = "$1" ] || executables="$executables
$executable" ;; esac
done
printf '%s\n' "$executables" | while IFS= read -r executable; do
    [ -x "$executable" ] || continue
    if [ "$executable" = "$configured" ]; then line build "$1"; else line build "$executable"; fi
    "$executable" -V 2>&1 </dev/null
done
echo found
