@echo off
rem The command line: gouji PATH..., gouji --help. Names that have blanks or & stand in quotes.
setlocal DisableDelayedExpansion
for /f "tokens=2 delims=:." %%a in ('chcp') do set "GOUJI_CODE_PAGE=%%a"
chcp 65001 >nul
"%~dp0python\python.exe" -X utf8 -m gouji %*
set "GOUJI_STATUS=%ERRORLEVEL%"
if defined GOUJI_CODE_PAGE chcp %GOUJI_CODE_PAGE% >nul
exit /b %GOUJI_STATUS%
