@echo off
rem Puts a link into the "Send to" menu and on the desktop, for this user only.
start "" "%~dp0python\pythonw.exe" -X utf8 -m windows.clerk --links
