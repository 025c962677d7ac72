; The installer: for one user, without any rights. Made by `python -m windows` with SOURCE, OUTPUT, VERSION and SIZE.
Target amd64-unicode
Unicode true
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
Name "勾稽核对"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Gouji"
InstallDirRegKey HKCU "Software\Gouji" "InstallDir"
BrandingText "勾稽 ${VERSION}"
ShowInstDetails nevershow

!include "MUI2.nsh"
!include "LogicLib.nsh"
!define MUI_FINISHPAGE_SHOWREADME "$INSTDIR\使用说明.html"
!define MUI_FINISHPAGE_SHOWREADME_TEXT "打开使用说明"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "SimpChinese"

!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Gouji"

Section
  SetShellVarContext current
  ; An older version's modules must not stay among the new ones.
  RMDir /r "$INSTDIR\python"
  SetOutPath "$INSTDIR"
  File /r /x "${SAMPLES}" "${SOURCE}/*.*"
  ; What a person has tried out in the samples stays as it is.
  SetOutPath "$INSTDIR\${SAMPLES}"
  SetOverwrite off
  File /nonfatal "${SOURCE}/${SAMPLES}/*.*"
  SetOverwrite on
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\卸载.exe"
  SetOutPath "$INSTDIR\python"
  CreateShortcut "$SENDTO\勾稽核对.lnk" "$INSTDIR\python\pythonw.exe" "-X utf8 -m windows.clerk"
  CreateShortcut "$DESKTOP\勾稽核对.lnk" "$INSTDIR\python\pythonw.exe" "-X utf8 -m windows.clerk"
  CreateDirectory "$SMPROGRAMS\勾稽核对"
  CreateShortcut "$SMPROGRAMS\勾稽核对\勾稽核对.lnk" "$INSTDIR\python\pythonw.exe" "-X utf8 -m windows.clerk"
  CreateShortcut "$SMPROGRAMS\勾稽核对\使用说明.lnk" "$INSTDIR\使用说明.html"
  CreateShortcut "$SMPROGRAMS\勾稽核对\命令行.lnk" "$INSTDIR\命令行.cmd"
  CreateShortcut "$SMPROGRAMS\勾稽核对\卸载.lnk" "$INSTDIR\卸载.exe"
  WriteRegStr HKCU "Software\Gouji" "InstallDir" "$INSTDIR"
  WriteRegStr HKCU "${ENTRY}" "DisplayName" "勾稽核对"
  WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\卸载.exe"'
  WriteRegDWORD HKCU "${ENTRY}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
  WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1
SectionEnd

Section Uninstall
  SetShellVarContext current
  Delete "$SENDTO\勾稽核对.lnk"
  Delete "$DESKTOP\勾稽核对.lnk"
  RMDir /r "$SMPROGRAMS\勾稽核对"
  ; Only what was put there: the folder may have been chosen among a person's own files.
  RMDir /r "$INSTDIR\python"
  RMDir /r "$INSTDIR\许可证"
  ; People practise in the samples: theirs stay, and so does ours where it was worked in.
  FileOpen $0 "$INSTDIR\${SAMPLES}\${SAMPLE}" r
  ${If} $0 != ""
    FileSeek $0 0 END $1
    FileClose $0
    ${If} $1 = ${SAMPLE_SIZE}
      Delete "$INSTDIR\${SAMPLES}\${SAMPLE}"
    ${EndIf}
  ${EndIf}
  RMDir "$INSTDIR\${SAMPLES}"
  Delete "$INSTDIR\gouji.cmd"
  Delete "$INSTDIR\勾稽核对.cmd"
  Delete "$INSTDIR\命令行.cmd"
  Delete "$INSTDIR\安装到发送到.cmd"
  Delete "$INSTDIR\从发送到移除.cmd"
  Delete "$INSTDIR\使用说明.html"
  Delete "$INSTDIR\清单.json"
  Delete "$INSTDIR\卸载.exe"
  RMDir "$INSTDIR"
  DeleteRegKey HKCU "${ENTRY}"
  DeleteRegKey HKCU "Software\Gouji"
SectionEnd
