# Behind nginx-reload.sh: loads the configuration as it is. The command that does it is what is left of the arguments.
let_clients_go
"$@"
code=$?
# The command may be back before the master has begun.
end=$(($(now) + 50))
while [ "$code" = 0 ] && [ -n "$closing" ] && [ -n "$master" ] && [ -z "$(workers ending)" ] && [ "$(now)" -lt "$end" ]; do sleep 0.05; done
keep_clients
exit "$code"
