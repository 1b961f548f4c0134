using System.Reflection;
using SaeNotebooks.Display;
using SaeNotebooks.Runtime;
using static TorchSharp.torch;

namespace SaeNotebooks;

/// <summary>What a notebook says about itself: its first cell, and which of its cells apply.</summary>
public static class Notebook
{
    /// <summary>Makes charts live in this notebook, and says what it runs on. Let it be the value of the first cell.</summary>
    /// <returns>a value that displays itself: plotly.js, unseen, and one line with version, device and thread count</returns>
    /// <exception cref="DllNotFoundException">libtorch does not load; the message says which library, why and what to install</exception>
    public static NotebookSetup Setup()
    {
        NativeRuntime.EnsureLoaded();
        var version = typeof(Notebook).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";
        var device = cuda.is_available() ? $"CUDA ({cuda.device_count()} device{(cuda.device_count() == 1 ? "" : "s")})" : "CPU";
        return new(version, device, get_num_threads());
    }

    /// <summary>What some cells need in order to mean anything. Cells that need it begin with <see cref="CellCondition.Require"/>.</summary>
    /// <param name="holds">whether it holds</param>
    /// <param name="otherwise">if it does not, why: a clause without a full stop, such as <c>gpt2 translates none of the 36 sentences</c></param>
    public static CellCondition When(bool holds, string otherwise) => new(holds, otherwise);
}

/// <summary>What a notebook runs on.</summary>
/// <param name="Version">of this library</param>
/// <param name="Device">that models are loaded on by default</param>
/// <param name="Threads">that one tensor operation uses</param>
[TypeFormatterSource(typeof(FormatterSource))]
public sealed record NotebookSetup(string Version, string Device, int Threads) : IDisplayable
{
    /// <inheritdoc/>
    public string ToHtml() => $"{PlotlyScript.Wrap(PlotlyScript.Read())}\n<div>{Html.Encode(ToText())}</div>";

    /// <inheritdoc/>
    public string ToText() => $"SaeNotebooks {Version} on {Device}, {Threads} thread{(Threads == 1 ? "" : "s")}";

    /// <inheritdoc/>
    public override string ToString() => ToText();
}
