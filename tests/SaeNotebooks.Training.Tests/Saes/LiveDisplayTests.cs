using Microsoft.DotNet.Interactive;
using SaeNotebooks.Training.Saes.Learning;

namespace SaeNotebooks.Training.Tests.Saes;

public class LiveDisplayTests
{
    [Fact]
    public void In_a_notebook_one_output_is_drawn_anew()
    {
        var cell = KernelInvocationContext.Current = new();
        var curves = new TrainingCurves(["an SAE"], steps: 4);
        var display = LiveDisplay.Start(curves, TimeSpan.Zero);
        for (var step = 1; step <= 3; step++)
        {
            curves.Add(new(step, [new([("mse", 4.0 / step)], L0: 8, Dead: 0.25, ExplainedVariance: 0.5)]));
            display.Refresh();
        }
        display.Finish();
        KernelInvocationContext.Current = null;

        Assert.Equal([curves, curves, curves, curves], Assert.Single(cell.Outputs).Shown);
        Assert.Equal("an SAE: Loss 4 → 1.333, L0 8 → 8, Fraction of variance explained 0.5 → 0.5, Dead latents 25 → 25", curves.ToText());
    }

    [Fact]
    public void A_short_run_and_one_outside_of_a_notebook_draw_nothing()
    {
        LiveDisplay.Start("value", TimeSpan.Zero).Refresh();
        var cell = KernelInvocationContext.Current = new();
        var display = LiveDisplay.Start("value");
        display.Refresh();
        display.Finish();
        KernelInvocationContext.Current = null;
        Assert.Empty(cell.Outputs);
    }
}
