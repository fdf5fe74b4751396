-- Written by `mispigeon install`, removed by `mispigeon uninstall` unless it was changed: 8bce313dd551d7ca
-- The action of a rule in Apple Mail: makes a MISP event of each mail. A mail that cannot be stored is told by a notification.

property theCommand : "exec 3<\"$3\" || exit 1\nrm -f -- \"$3\"\n{\nreason=$(\"$1\" --quiet send ${2:+\"--profile=$2\"} - <&3 2>&1 >/dev/null) ||\nprintf '%s\\n' 'on run argv' 'display notification (item 2 of argv) with title \"MISPigeon\" subtitle (item 1 of argv)' 'end run' |\nosascript - \"$4\" \"${reason:-it failed}\"\n} >/dev/null 2>&1 &"
property theProgram : "/usr/local/bin/mispigeon"
property theProfile : ""

using terms from application "Mail"
	on perform mail action with messages theMessages for rule theRule
		repeat with theMessage in theMessages
			set theSubject to ""
			set thePath to ""
			try
				set theSubject to subject of theMessage
				set theSource to source of theMessage
				set thePath to do shell script "umask 077; /usr/bin/mktemp -t mispigeon"
				my writeMail(theSource, thePath)
				do shell script "/bin/sh -c " & quoted form of theCommand & " mispigeon " & quoted form of theProgram & " " & quoted form of theProfile & " " & quoted form of thePath & " " & quoted form of theSubject
			on error theReason
				if thePath is not "" then do shell script "/bin/rm -f -- " & quoted form of thePath
				display notification theReason with title "MISPigeon" subtitle theSubject
			end try
		end repeat
	end perform mail action with messages
end using terms from

on writeMail(theSource, thePath)
	set theFile to open for access (POSIX file thePath) with write permission
	try
		write theSource to theFile as «class utf8»
		close access theFile
	on error theReason
		close access theFile
		error theReason
	end try
end writeMail
