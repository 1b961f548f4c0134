using System.Runtime.CompilerServices;
using Microsoft.DotNet.Interactive.Formatting;
using SaeNotebooks.Display;

namespace SaeNotebooks.Charts.Tests;

/// <summary>In a notebook the host's formatting library is there before this library; here it comes with the first test that uses it.</summary>
internal static class Registered
{
    private static readonly bool Done = Register();

    public static bool Once() => Done;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Register()
    {
        RuntimeHelpers.RunClassConstructor(typeof(Formatter).TypeHandle);
        NotebookFormatters.Register();
        return true;
    }
}
