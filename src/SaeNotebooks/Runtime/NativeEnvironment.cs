using System.Runtime.InteropServices;

namespace SaeNotebooks.Runtime;

/// <summary>The environment as native code sees it: .NET keeps one of its own, which native code never sees, so the C library is asked.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Gives a variable a value, unless a person has given it one; a refusal is of no consequence. Does nothing on Windows.</summary>
    public static void SetIfUnset(string name, string value)
    {
        if (!OperatingSystem.IsWindows() && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))) _ = SetVariable(name, value, overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
