using System.Runtime.Versioning;

// File modes, unix sockets: the gateway runs on Linux, and nowhere else.
[assembly: SupportedOSPlatform("linux")]
