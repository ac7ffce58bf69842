#!/bin/sh
# The demo: makes the shop, installs the runtime where it is missing, and asks three questions. Every
# command is printed as it is run, so that it can be typed again from the same folder.
#
#     docs/demo/run.sh build/bin/ktx build/demo/shop [build/tools/venv/bin/uv]
set -eu
ktx=$1
shop=$2
uv=${3:-}

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold= plain=; fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
run() { # the command, printed with the quotes that a shell needs, then run
  line='$'
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_./:=-]*) line="$line \"$word\"" ;;
      *) line="$line $word" ;;
    esac
  done
  printf '%s\n' "$line"
  "$@"
}

"$ktx" setup demo "$shop" --force > /dev/null
say "The shop: nine sources, four of them facts, in $shop"
run "$ktx" sl list --project-dir "$shop" --output pretty

say "The runtime: its own Python environment, verified, installed once"
# Without a uv of one's own, the build's serves; the questions below need none.
if ! command -v uv >/dev/null && [ -z "${KTX_UV:-}" ] && [ -n "$uv" ]; then
  run env "KTX_UV=$uv" "$ktx" runtime install --yes
else
  run "$ktx" runtime install --yes
fi

ask() {
  say "$1"
  shift
  run "$ktx" sl query --project-dir "$shop" "$@" --format sql
  echo
  run "$ktx" sl query --project-dir "$shop" "$@" --execute --format table
}

ask "1. Orders and buyers by customer region, last quarter (walk-ins have no region and still count)" \
  --measure orders.order_count --measure orders.buyers --dimension regions.name \
  --filter "orders.ordered_at >= '2026-04-01' AND orders.ordered_at < '2026-07-01'" --order-by orders.order_count:desc
ask "2. Revenue and margin by month: a ratio of two sums, computed after both" \
  --measure order_items.revenue --measure order_items.margin --dimension orders.ordered_at:month \
  --filter "orders.ordered_at >= '2026-01-01'"
ask "3. Revenue beside refunds by category: two facts, each added up on its own before they meet" \
  --measure order_items.revenue --measure returns.refunds --dimension categories.name --order-by order_items.revenue:desc
