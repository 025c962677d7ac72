@echo off
rem Drop files or folders on this one. Explorer leaves & and %% in names as they are, and this interpreter would take them
rem for its own: the line is handed over as it came, and nothing behind this script's name is run.
set "GOUJI_HERE=%~dp0"
setlocal EnableDelayedExpansion
set "GOUJI_LINE=!cmdcmdline!"
if not defined GOUJI_LINE goto typed
if "!GOUJI_LINE:/c=!"=="!GOUJI_LINE!" goto typed
start "" "!GOUJI_HERE!python\pythonw.exe" -X utf8 -m windows.clerk
exit
:typed
endlocal
"%GOUJI_HERE%python\python.exe" -X utf8 -m windows.clerk %*
exit /b %ERRORLEVEL%
