namespace Microsoft.DotNet.Interactive;

/// <summary>A notebook host with the names and shapes that .NET Interactive has.</summary>
public sealed class KernelInvocationContext
{
    private static readonly AsyncLocal<KernelInvocationContext?> Running = new();
    public static KernelInvocationContext? Current { get => Running.Value; set => Running.Value = value; }
    public CancellationTokenSource Interrupt { get; } = new();
    public CancellationToken CancellationToken => Interrupt.Token;
    public List<DisplayedValue> Outputs { get; } = [];
}

public sealed class DisplayedValue(object value, IReadOnlyList<string> mimeTypes)
{
    public IReadOnlyList<string> MimeTypes { get; } = mimeTypes;
    public List<object> Shown { get; } = [value];

    public void Update(object updatedValue)
    {
        lock (Shown) Shown.Add(updatedValue);
    }
}

public static class KernelInvocationContextExtensions
{
    public static DisplayedValue Display(this KernelInvocationContext context, object value, params string[] mimeTypes)
    {
        context.Outputs.Add(new(value, mimeTypes));
        return context.Outputs[^1];
    }
}
