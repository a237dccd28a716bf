#!/bin/sh
# Checks an exported journal with openssl, xxd and coreutils: written from src/journal/METHOD.md alone, and from nothing of
# ours. `check_export.sh FOLDER KEY`; 0: all of it holds; 1: it does not, and a line says what. `check_export.sh --try`: the
# page's own example.
set -u
LC_ALL=C
export LC_ALL
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

fail() { echo "does not hold: $*"; exit 1; }

hex() { xxd -p | tr -d '\n'; }
# SHA-256 of each of the files in $work/part, in the order of their names, one in hex a line.
digests() { openssl dgst -sha256 -r "$work"/part/* | cut -c 1-64; }
fresh() { rm -rf "$work/part"; mkdir "$work/part"; }

# The root over the hashes of a file, one in hex a line: neighbours are joined two by two, an odd last one goes up as it is.
root() {
    if [ ! -s "$1" ]; then openssl dgst -sha256 -r < /dev/null | cut -c 1-64; return; fi
    cp "$1" "$work/row"
    while [ "$(wc -l < "$work/row")" -gt 1 ]; do
        paste -d '' - - < "$work/row" > "$work/pairs"
        fresh
        sed -n 's/^.\{128\}$/01&/p' "$work/pairs" | xxd -r -p > "$work/joined"
        split -b 65 -a 4 "$work/joined" "$work/part/"
        digests > "$work/row"
        sed -n '/^.\{64\}$/p' "$work/pairs" >> "$work/row"
    done
    cat "$work/row"
}

# 1234067 -> x001/x234/067
name() {
    rest=$(($1 / 1000))
    text=$(printf '%03d' $(($1 % 1000)))
    while [ $rest -gt 0 ]; do
        text="x$(printf '%03d' $((rest % 1000)))/$text"
        rest=$((rest / 1000))
    done
    printf '%s' "$text"
}

# The file of number $2 and kind $1 when there are $3 things of that kind in all.
file_of() {
    width=$(($3 - $2 * 256))
    if [ $width -ge 256 ]; then printf 'tile/%s/%s' "$1" "$(name "$2")"
    else printf 'tile/%s/%s.p/%d' "$1" "$(name "$2")" $width; fi
}

check_signature() {
    [ "$(tail -c 1 checkpoint | xxd -p)" = 0a ] || fail "checkpoint: its end"
    [ -z "$(sed -n 4p checkpoint)" ] || fail "checkpoint: line 4 is not empty"
    head -n 3 checkpoint > "$work/text"
    origin=$(head -n 1 checkpoint)
    size=$(sed -n 2p checkpoint)
    case $size in '' | *[!0-9]* | 0?*) fail "checkpoint: the number of entries" ;; esac
    [ "$origin" = "${key%%+*}" ] || fail "checkpoint: it is of another log"
    sed -n 3p checkpoint | base64 -d > "$work/root" 2> /dev/null || fail "checkpoint: the root"
    [ "$(base64 -w 0 < "$work/root")" = "$(sed -n 3p checkpoint)" ] || fail "checkpoint: the root"
    rest=${key#*+}
    printf %s "${rest#*+}" | base64 -d > "$work/public" 2> /dev/null || fail "the key"
    [ "$(wc -c < "$work/public")" -eq 33 ] && [ "$(head -c 1 "$work/public" | hex)" = 01 ] || fail "the key"
    number=${rest%%+*}
    id=$({ printf '%s\n' "$origin"; cat "$work/public"; } | openssl dgst -sha256 -binary | head -c 4 | hex)
    [ "$id" = "$number" ] || fail "the key: its number"
    { printf '302a300506032b6570032100' | xxd -r -p; tail -c 32 "$work/public"; } > "$work/key.der"
    good=0
    sed 1,4d checkpoint > "$work/lines"
    while IFS= read -r line; do
        case $line in "— $origin "*) ;; "— "*" "*) continue ;; *) fail "checkpoint: a line that is no signature" ;; esac
        coded=${line##* }
        printf %s "$coded" | base64 -d > "$work/signed" 2> /dev/null || fail "checkpoint: the signature"
        [ "$(base64 -w 0 < "$work/signed")" = "$coded" ] || fail "checkpoint: the signature"
        [ "$(head -c 4 "$work/signed" | hex)" = "$number" ] || continue
        [ "$(wc -c < "$work/signed")" -eq 68 ] || fail "checkpoint: the signature"
        tail -c 64 "$work/signed" > "$work/signature"
        openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key.der" -rawin -in "$work/text" \
            -sigfile "$work/signature" > /dev/null 2>&1 || fail "checkpoint: the signature"
        good=1
    done < "$work/lines"
    [ $good -eq 1 ] || fail "checkpoint: it is not signed by this key"
}

# The entries of one file: their hashes, one a line.
leaves_of() {
    left=$(xxd -p "$1" | tr -d '\n')
    fresh
    i=100000
    while [ -n "$left" ]; do
        [ ${#left} -ge 4 ] || fail "$1: it ends within a length"
        length=$((0x$(printf '%.4s' "$left") * 2))
        left=${left#????}
        [ ${#left} -ge $length ] || fail "$1: it ends within an entry"
        entry=$(printf "%.${length}s" "$left")
        left=${left#"$entry"}
        printf '00%s' "$entry" | xxd -r -p > "$work/part/$i"
        i=$((i + 1))
    done
    [ $i -eq 100000 ] || digests
}

# Level $1 has the hashes of $work/level in $2 files; the roots of the whole ones go up.
check_level() {
    count=$(wc -l < "$work/level")
    : > "$work/up"
    n=0
    while [ $((n * 256)) -lt "$count" ]; do
        file=$(file_of "$1" $n "$count")
        echo "$file" >> "$work/known"
        sed -n "$((n * 256 + 1)),$((n * 256 + 256))p" "$work/level" > "$work/tile"
        xxd -r -p "$work/tile" > "$work/bytes"
        [ -f "$file" ] || fail "$file: it is missing"
        cmp -s "$work/bytes" "$file" || fail "$file: its hashes are not those of what it is over"
        if [ "$(wc -l < "$work/tile")" -eq 256 ]; then root "$work/tile" >> "$work/up"; fi
        n=$((n + 1))
    done
    mv "$work/up" "$work/level"
}

check_folder() {
    cd "$1" || exit 2
    check_signature
    : > "$work/known"
    : > "$work/all"
    n=0
    while [ $((n * 256)) -lt "$size" ]; do
        file=$(file_of entries $n "$size")
        echo "$file" >> "$work/known"
        [ -f "$file" ] || fail "$file: it is missing"
        leaves_of "$file" > "$work/some" || { cat "$work/some"; exit 1; }
        wanted=$((size - n * 256))
        [ $wanted -le 256 ] || wanted=256
        [ "$(wc -l < "$work/some")" -eq $wanted ] || fail "$file: it has not $wanted entries"
        cat "$work/some" >> "$work/all"
        n=$((n + 1))
    done
    [ "$(root "$work/all")" = "$(hex < "$work/root")" ] || fail "the root over the entries is not the signed one"
    cp "$work/all" "$work/level"
    level=0
    while [ -s "$work/level" ]; do check_level $level; level=$((level + 1)); done
    find tile -type f 2> /dev/null | sort > "$work/there"
    sort "$work/known" | cmp -s - "$work/there" || fail "there are files in tile that do not belong to it"
    echo "holds: $size entries of $origin"
}

if [ "${1-}" = --try ]; then
    fresh
    for entry in '' 00 10 2021; do printf '00%s' "$entry" | xxd -r -p > "$work/part/e$entry"; done
    digests > "$work/all"
    root "$work/all"
    exit
fi
[ $# -eq 2 ] || { echo "check_export.sh FOLDER KEY"; exit 2; }
key=$2
check_folder "$1"
