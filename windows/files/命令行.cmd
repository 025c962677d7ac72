@echo off
rem A window in which the command gouji is known: prefill, rollup, round and all options.
set "PATH=%~dp0;%PATH%"
chcp 65001 >nul
"%~dp0python\python.exe" -X utf8 -m gouji --help
cmd /k
