using System.Numerics;

namespace SaeNotebooks.Features.Writing;

/// <summary>The kind of label that every corpus has: the position in the sequence, in steps of powers of two.</summary>
internal static class PositionLabels
{
    private const int Steps = 20;

    public static LabelKind Kind { get; } = new("position", [.. Enumerable.Range(0, Steps).Select(Name)]);

    public static byte Of(int position) => (byte)Math.Min(Steps - 1, position == 0 ? 0 : BitOperations.Log2((uint)position) + 1);

    private static string Name(int step) => step switch
    {
        0 => "0",
        1 => "1",
        Steps - 1 => $"from {1 << (step - 1)}",
        _ => $"{1 << (step - 1)}–{(1 << step) - 1}",
    };
}
