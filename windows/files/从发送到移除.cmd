@echo off
rem Takes these links away again.
start "" "%~dp0python\pythonw.exe" -X utf8 -m windows.clerk --no-links
