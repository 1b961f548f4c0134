using Microsoft.DotNet.Interactive;

namespace SaeNotebooks.Kernel.Hosting;

/// <summary>Stands in for the console's input: each line is asked of the person at the notebook.</summary>
/// <param name="latest">The cell to use for threads that belong to none; null before the first cell.</param>
internal sealed class CellReader(Func<ICellHost?> latest) : TextReader
{
    private string line = "";
    private int next;

    public override string? ReadLine()
    {
        if (next >= line.Length) return Ask();
        var rest = line[next..].TrimEnd('\n');
        next = line.Length;
        return rest;
    }

    public override int Peek()
    {
        if (next >= line.Length) (line, next) = (Ask() + "\n", 0);
        return line[next];
    }

    public override int Read()
    {
        var character = Peek();
        next++;
        return character;
    }

    private string? Ask() => (KernelInvocationContext.Current?.Host ?? latest())?.RequestInputAsync("", password: false).GetAwaiter().GetResult();
}
