#!/bin/bash
# A client that has read the page and nothing else: it talks to fadeline-twin over a pseudo-terminal and compares
# every byte.   page_client.sh FADELINE-TWIN NAME
set -u
folder=$(mktemp -d)
"$1" --speak "$2" --pty "$folder/laser" >"$folder/out" 2>/dev/null &
twin=$!
trap 'kill $twin 2>/dev/null; wait $twin 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 200); do grep -q ready "$folder/out" && break; sleep 0.05; done
exec 3<>"$folder/laser" || exit 1
stty raw -echo <&3
wrong=0 asked=0

hex() { od -An -v -tx1 | tr -d ' \n'; }

# What is sent, and what must come back; nothing more may follow.
ask() {
    local want got
    want=$(printf "$2" | hex)
    printf "$1" >&3
    got=$(timeout 5 head -c $((${#want} / 2)) <&3 | hex)
    asked=$((asked + 1))
    [ "$got" = "$want" ] && return
    wrong=$((wrong + 1))
    printf '%q: got %s, want %s\n' "$1" "$got" "$want"
}

case $2 in
microjewel)
    ask ';LA:ID?\r' 'QC,SIM-MicroJewel,00042,1.0.9\r\n'
    ask ';LA:SS?\r' '1024\r\n'
    ask ';LA:FL 1\r' '?8\r\n'
    ask ';LA:EN 1\r' 'ok\r\n'
    ask ';LA:SS?\r' '1025\r\n'
    ask ';LA:RR 10\r' 'ok\r\n'
    ask ';LA:PE?\r' '0.100\r\n'
    ask ';LA:RR?\r' '10.000\r\n'
    ask ';LA:RR 51\r' '?5\r\n'
    ask ';LA:DW?\r' '0.00014000\r\n'
    ask ';LA:XX?\r' '?3\r\n'
    ask ';LA:SS 1\r' '?6\r\n'
    ask ';LA:RR 1;LA:RR?\r' '10.000\r\n'
    sleep 8
    ask ';LA:SS?\r' '3073\r\n'
    ask ';LA:FL 1\r' 'ok\r\n'
    ask ';LA:SS?\r' '3075\r\n'
    sleep 3.2
    ask ';LA:SS?\r' '3073\r\n'
    ask ';LA:EN 0\r' 'ok\r\n'
    ask ';LA:SS?\r' '1024\r\n'
    ;;
cfr)
    ask '>SN\r\n' '\r\ns/number    SIM'
    ask '>V1150\r\n' '\r\nvoltage  1150 V'
    ask '>V1801\r\n' '\r\nvoltage  1150 V'
    ask '>ENE125\r\n' '\r\nenergy    12.5J'
    ask '>F950\r\n' '\r\nfreq.   9.50 Hz'
    ask '>QSM2\r\n' '\r\nQS mode :    2 '
    ask '>WOR\r\n' '\r\nI 0 F 0 S 0 Q 4'
    ask '>IF1\r\n' '\r\nIF1 00 00 00 00'
    ask '>R1\r\n' '\r\nshutter open   '
    ask '>A\r\n' '\r\nfire auto      '
    ask '>S\r\n' '\r\nstandby        '
    ask '>R0\r\n' '\r\nshutter closed '
    ;;
quanta-ray)
    ask '*IDN?\r' 'SIM Quanta-Ray INDI\n'
    ask 'OPFN 62\rREAD:OPFN?\r' '62\n'
    ask '*STB?\r' '12582912\n'
    ;;
pilas)
    ask 'tune=501\n' 'done\n'
    ask 'tune?\n' 'tune value:\t\t     50.10 %%\n'
    ask 'lht?\n' 'laser head temp.:\t     25.0 \xb0C\n'
    ;;
spi-g4)
    ask 'SI 0500\r\n' '\r\n'
    ask 'SI 500\r\n' 'E6\r\n'
    ask 'QD\r\n' '00000010\r\n'
    ;;
q-smart)
    ask 'STATE\n' 'STATE = 1\n0\n'
    ask 'QDLY 254\n' 'OK\n'
    ask 'QDLY 255\n' 'ERROR 2\n'
    ;;
surelite)
    ask 'SE\r' 'SE\r00\r'
    ask 'PD 001\r' 'PD 001\r'
    ask 'SC\r' 'SC\r000041207\r'
    ;;
insight)
    ask '*stb?\n' '1638400\n'
    ask 'tim:watc 2\ntim:watc?\n' '2\n'
    ;;
thorlabs)
    ask '*IDN?\n' 'Thorlabs,PM100USB,SIM2004525,1.4.0\n'
    ask 'SENS:CORR:WAV 755\nSENS:CORR:WAV?\n' '7.55000000E+02\n'
    ask 'SYST:ERR?\n' '0,"No error"\n'
    ;;
energymax)
    ask 'CONFigure:WAVElength 755\r\n' 'OK\r\n'
    ask 'CONFigure:WAVElength?\r\n' '755\r\nOK\r\n'
    ;;
*) exit 2 ;;
esac
if read -r -t 0.2 -N 1 more <&3; then
    echo "more came than was asked for"
    wrong=$((wrong + 1))
fi
echo "$2: $asked answers, $wrong wrong"
[ "$asked" -gt 0 ] && [ "$wrong" -eq 0 ]
