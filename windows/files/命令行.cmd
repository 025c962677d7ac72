@echo off
rem A window in which the command gouji is known: prefill, rollup, round and all options. It begins in the user's documents:
rem what is made here must not lie in the program's folder, which is deleted to remove the program.
set "PATH=%~dp0;%PATH%"
chcp 65001 >nul
cd /d "%USERPROFILE%"
for /f "usebackq delims=" %%d in (`call "%~dp0python\python.exe" -X utf8 -m windows.clerk --documents`) do cd /d "%%d"
call "%~dp0python\python.exe" -X utf8 -m gouji --help
cmd /k
