using SaeNotebooks.Display;

namespace SaeNotebooks.Controls;

/// <summary>What stands below the controls while a value is worked on: each <see cref="Show"/> takes the place of the one before.</summary>
public sealed class LiveOutput
{
    private readonly Action<IDisplayable> _show;

    internal LiveOutput(Action<IDisplayable> show, CancellationToken cancellation) => (_show, Cancellation) = (show, cancellation);

    /// <summary>Cancelled when a newer value has been chosen. Model calls end then by themselves.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Shows a value in place of what stands there.</summary>
    /// <param name="value">anything that shows itself, or a text</param>
    /// <exception cref="OperationCanceledException">a newer value has been chosen, so this one is not wanted any more</exception>
    public void Show(object? value) => _show(value as IDisplayable ?? new PlainValue(value));

    /// <summary>A value that does not show itself, as text.</summary>
    [TypeFormatterSource(typeof(FormatterSource))]
    internal sealed record PlainValue(object? Value) : IDisplayable
    {
        public string ToHtml() => $"<div style=\"white-space:pre-wrap\">{Html.Encode(ToText())}</div>";

        public string ToText() => Value?.ToString() ?? "";
    }
}
