# Behind haproxy-environment.sh: the syntax test of what HAProxy runs with. The command is what is left of the arguments.
# $1 "found" = the paths are those of the process that runs
# Exit: 66 there is nothing to test
found=$1
shift
if [ "$found" != found ]; then
    previous=
    for word do
        if [ "$previous" = -f ] && ! [ -e "$word" ]; then
            echo "there is no $word, and no running haproxy was found that would say what it was started with" >&2
            exit 66
        fi
        previous=$word
    done
fi
exec "$@"
