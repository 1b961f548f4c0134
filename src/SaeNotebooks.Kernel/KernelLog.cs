namespace SaeNotebooks.Kernel;

/// <summary>The kernel's own stderr, which cells do not reach: they see a redirected console.</summary>
internal static class KernelLog
{
    private static readonly TextWriter Stderr =
        TextWriter.Synchronized(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });

    public static void Line(string text) => Stderr.WriteLine($"[C# kernel] {text}");
}
