<#
.SYNOPSIS
Builds lbctl from this clone and installs it for this user.
.DESCRIPTION
Needs the .NET SDK 10 to build (https://dotnet.microsoft.com/download); what it installs needs no .NET and no ssh.exe:
lbctl logs in by itself on Windows. Keys come from files and from OpenSSH's agent. A host behind a ProxyCommand, or that takes Kerberos only,
needs OpenSSH's ssh.exe as well.
A lab needs Linux: see install.sh --try.
.EXAMPLE
.\install.ps1
Builds and installs %LOCALAPPDATA%\Programs\lbctl\lbctl.exe, and adds that folder to the user's PATH.
.EXAMPLE
.\install.ps1 -Prefix C:\Tools
Installs C:\Tools\lbctl.exe.
.EXAMPLE
.\install.ps1 -Uninstall
Removes the binary and the PATH entry; configuration and journals stay.
#>
[CmdletBinding()]
param(
    [string] $Prefix,
    [switch] $Uninstall
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Stop-Refusing([string] $What, [string] $Next) {
    [Console]::Error.WriteLine("install.ps1: $What")
    if ($Next) { [Console]::Error.WriteLine("Next: $Next") }
    exit 3
}

function Get-UserPath {
    @([Environment]::GetEnvironmentVariable('Path', 'User') -split ';' | Where-Object { $_ })
}

function Set-UserPath([string[]] $Folders) {
    [Environment]::SetEnvironmentVariable('Path', ($Folders -join ';'), 'User')
}

function Test-Sdk {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) { return $false }
    foreach ($line in @(& dotnet --list-sdks)) {
        if ($line -match '^(\d+)\.' -and [int] $Matches[1] -ge 10) { return $true }
    }
    return $false
}

function Install-Lbctl {
    if (-not (Test-Sdk)) {
        Stop-Refusing 'there is no .NET SDK 10 here, which builds lbctl; nothing was changed. Get it at https://dotnet.microsoft.com/download' '.\install.ps1'
    }
    $output = Join-Path (Join-Path $PSScriptRoot 'artifacts') 'win-x64'
    Write-Output 'building lbctl (a minute) ...'
    $project = Join-Path (Join-Path $PSScriptRoot 'src') 'LbRunbook.Cli'
    $publish = Join-Path (Join-Path $PSScriptRoot 'artifacts') 'publish'
    & dotnet publish $project -c Release -r win-x64 --artifacts-path $publish -o $output '-p:RunAnalyzers=false' --disable-build-servers -v quiet
    if ($LASTEXITCODE -ne 0) { Stop-Refusing 'the build failed (above); nothing was installed' }

    New-Item -ItemType Directory -Force -Path $Prefix | Out-Null
    # A running lbctl.exe can be renamed, but not written to.
    if (Test-Path $binary) {
        if (Test-Path "$binary.old") { Remove-Item -Force "$binary.old" }
        Move-Item $binary "$binary.old"
    }
    Copy-Item (Join-Path $output 'lbctl.exe') $binary
    Remove-Item -Force "$binary.old" -ErrorAction SilentlyContinue
    if ((Get-UserPath) -notcontains $Prefix) {
        Set-UserPath (@(Get-UserPath) + $Prefix)
        $env:Path = "$env:Path;$Prefix"
        Write-Output "added $Prefix to your PATH (new windows see it)"
    }
    Write-Output "installed $binary ($(& $binary --version))"
    Write-Output 'lbctl logs in to hosts with its built-in ssh client (ssh: {client: auto} in the configuration)'
    if (-not (Get-Command ssh -ErrorAction SilentlyContinue)) {
        Write-Output 'Note: there is no ssh.exe, which only hosts behind a ProxyCommand or Kerberos need: Settings, Optional features, OpenSSH Client'
    }
    Write-Output 'Next: lbctl --help'
}

function Uninstall-Lbctl {
    if (Test-Path $binary) {
        Remove-Item -Force $binary
        Write-Output "removed $binary; configuration and journals are as they were"
    }
    else {
        Write-Output "there is no ${binary}: nothing to remove"
    }
    if ((Get-UserPath) -contains $Prefix) {
        Set-UserPath @(Get-UserPath | Where-Object { $_ -ne $Prefix })
        Write-Output "took $Prefix out of your PATH"
    }
}

if ([Environment]::OSVersion.Platform -ne [PlatformID]::Win32NT) { Stop-Refusing 'this is for Windows' './install.sh' }
if (-not [Environment]::Is64BitOperatingSystem) { Stop-Refusing 'lbctl is built for 64-bit Windows only' }
if (-not $Prefix) { $Prefix = Join-Path (Join-Path $env:LOCALAPPDATA 'Programs') 'lbctl' }
$Prefix = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Prefix)
$binary = Join-Path $Prefix 'lbctl.exe'

if ($Uninstall) { Uninstall-Lbctl } else { Install-Lbctl }
