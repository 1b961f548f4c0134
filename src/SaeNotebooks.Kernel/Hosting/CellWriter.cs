using System.Text;
using Microsoft.DotNet.Interactive;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>Stands in for the console: what a thread writes goes to the cell that the thread belongs to.</summary>
/// <param name="stream">"stdout" or "stderr".</param>
/// <param name="latest">The cell to use for threads that belong to none; null before the first cell.</param>
internal sealed class CellWriter(string stream, Func<ICellHost?> latest) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    // One call per line, so that lines from several threads do not mix.
    public override void WriteLine(string? value) => Write(value + CoreNewLine.AsSpan().ToString());

    public override void Write(string? value)
    {
        if (!string.IsNullOrEmpty(value)) (KernelInvocationContext.Current?.Host ?? latest())?.Write(stream, value);
    }
}
