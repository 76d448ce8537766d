#!/usr/bin/env bash
# Takes jobs from redis, one after the other: redis-cli -p "$REDIS_PORT" rpush jobs hello
echo "waiting for jobs on port $REDIS_PORT"
while true; do
    job=$(redis-cli -p "$REDIS_PORT" --raw blpop jobs 5 | tail -n 1)
    [ -z "$job" ] || echo "did $job"
    [ -n "$job" ] || sleep 0.2
done
