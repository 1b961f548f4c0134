using SaeNotebooks.Controls;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Dashboards;
using SaeNotebooks.Features.Interpretation;
using SaeNotebooks.Steering;

namespace SaeNotebooks.Harvest.Tests.Dashboards;

/// <summary>Latents and steering below controls, as a page without a kernel has them.</summary>
public sealed class ExploringTests(Embedded embedded) : IClassFixture<Embedded>
{
    private SaeIndex Index { get; } = embedded.Index.Of(embedded.Sae, embedded.Bench.Model);

    [Fact]
    public void A_latent_is_found_by_its_number_or_by_words_of_its_label()
    {
        var labels = LatentLabels.FindOrMake(Index, TestContext.Current.CancellationToken);
        var best = labels.Labels.Where(l => l.BalancedAccuracy is not null).MaxBy(l => l.BalancedAccuracy)!;
        Control control = LatentControl.Of(Index);

        Assert.Equal([7], control.Find(" 7 ").Cast<int>());
        Assert.Empty(control.Find($"{Index.Width}"));
        Assert.Contains(best.Latent, control.Find(best.Text.ToUpperInvariant()).Cast<int>());
        Assert.All(control.Find(best.Text).Cast<int>(), latent => Assert.Contains(best.Text, control.TextOf(latent), StringComparison.OrdinalIgnoreCase));
        Assert.Equal(best.BalancedAccuracy, labels[(int)control.First]!.BalancedAccuracy);
        Assert.Throws<ArgumentOutOfRangeException>(() => LatentControl.Of(Index, Index.Width));
    }

    [Fact]
    public void A_page_keeps_the_dashboards_of_the_latents_that_it_was_told_to()
    {
        var html = Dashboard.Explore(Index, start: 3, offline: [5])!.ToHtml();
        Assert.Contains(Dashboard.Show(Index, 3).ToHtml(), html, StringComparison.Ordinal);
        Assert.Contains("Latent 5", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_steered_text_stands_beside_the_unedited_one()
    {
        var (model, sae) = (embedded.Bench.Model, embedded.Sae);
        const string Prompt = "The cat sat on";
        var options = new Generation.GenerationOptions { MaxNewTokens = 8 };
        var shown = SteeredTexts.Explore(model, Prompt, (latent, by) => Steer.Add(sae, latent, by),
            Control.Slider("latent", 0, sae.Width - 1, start: 5, offline: []), Control.Slider("by", 0.0, 200, start: 200, offline: []), options)!;

        Assert.EndsWith(new Display.SideBySide(("unedited", model.Generate(Prompt, options).Text),
            ("latent 5, by 200", model.Generate(Prompt, options, [Steer.Add(sae, 5, 200)]).Text)).ToText(), shown.ToText(), StringComparison.Ordinal);
    }
}
