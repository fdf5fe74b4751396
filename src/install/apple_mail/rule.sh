# Sends one mail and comes back at once. $1: the program; $2: a profile, or nothing; $3: the file with the mail, which goes;
# $4: the mail's subject, for a notification alone. The file has no name any more before anything can fail.
exec 3<"$3" || exit 1
rm -f -- "$3"
{
    reason=$("$1" --quiet send ${2:+"--profile=$2"} - <&3 2>&1 >/dev/null) ||
    printf '%s\n' 'on run argv' 'display notification (item 2 of argv) with title "MISPigeon" subtitle (item 1 of argv)' 'end run' |
        osascript - "$4" "${reason:-it failed}"
} >/dev/null 2>&1 &
