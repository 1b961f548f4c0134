using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SaeNotebooks.Features;
using SaeNotebooks.Features.Dashboards;
using SaeNotebooks.Features.Neuronpedia;
using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Harvest.Tests.Dashboards;

/// <summary>Dashboards, the site and records of the embedded model's latents.</summary>
public sealed class DashboardOfIndexTests(Embedded embedded) : IClassFixture<Embedded>
{
    private SaeIndex Index { get; } = embedded.Index.Of(embedded.Sae, embedded.Bench.Model);

    private int Busy => Enumerable.Range(0, Index.Width).MaxBy(l => Index.Statistics(l).Fires);

    private int Dead => Enumerable.Range(0, Index.Width).First(l => Index.Statistics(l).NeverFires);

    [Fact]
    public void A_latent_is_shown_by_its_sae_alone_once_the_index_is_open()
    {
        var index = Index;
        Assert.Equal(Dashboard.Show(index, Busy).ToHtml(), Dashboard.Show(embedded.Sae, Busy).ToHtml());
        using var other = Workbench.Open("tiny");
        var nobody = other.Sae(other.SaeHooks[0]);
        Assert.Contains("No index of the", Assert.Throws<FeatureIndexException>(() => Dashboard.Show(nobody, 0)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Dashboard.Show(index, index.Width));

        using (var closed = FeatureIndex.Open(embedded.At("index"))) closed.Of(nobody = other.Sae(embedded.Sae.Config.Hook), embedded.Bench.Model);
        Assert.Throws<FeatureIndexException>(() => Dashboard.Show(nobody, 0)); // what is disposed is not read
    }

    [Fact]
    public void Groups_cover_the_range_and_hold_what_their_titles_say()
    {
        var (dashboard, statistics) = (Dashboard.Show(Index, Busy), Index.Statistics(Busy));
        Assert.Equal("Strongest", dashboard.Groups[0].Title);
        Assert.Equal(statistics.Max, dashboard.Groups[0].Examples[0].Activation, statistics.Max * 2e-3);
        Assert.All(dashboard.Groups, g => Assert.NotEmpty(g.Examples));
        var bands = dashboard.Groups.Skip(1).Select(g => Regex.Match(g.Title, @"^Activation (\S+) to (\S+)$")).ToArray();
        Assert.True(bands.Length > 2 && bands.All(b => b.Success));
        Assert.Equal(bands.Skip(1).Select(b => b.Groups[2].Value), bands.SkipLast(1).Select(b => b.Groups[1].Value)); // one begins where the next ends
        Assert.Equal(Index.Histogram(Busy).Counts.Sum(), dashboard.Histograms[0].Counts.Sum());
        Assert.Equal(embedded.Bench.Model.Config.VocabSize, dashboard.Histograms.Single(h => h.IsOfLogits).Counts.Sum());
        XElement.Parse(dashboard.ToHtml());
    }

    [Fact]
    public void A_latent_that_never_fires_is_said_to_with_its_bias_and_its_nearest_latents()
    {
        var dashboard = Dashboard.Show(Index, Dead);
        Assert.StartsWith($"This latent never fires on these {Index.Corpus.Counted:N0} tokens", dashboard.Notice, StringComparison.Ordinal);
        Assert.Contains(dashboard.Facts, f => f.Name == "encoder bias");
        Assert.Empty(dashboard.Groups);
        Assert.Equal("Nearest directions", Assert.Single(dashboard.Neighbours).Title);
        Assert.Contains("never fires", XElement.Parse(dashboard.ToHtml()).Value, StringComparison.Ordinal);
        Assert.Contains("never fires", dashboard.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_without_the_weights_shows_what_is_stored()
    {
        var bare = Dashboard.Show(embedded.Index[embedded.Sae.Config.Hook], Busy, new() { Rows = 5 });
        Assert.NotNull(bare.Logits);
        Assert.Null(bare.Page);
        Assert.EndsWith($"/m/4-res/{Busy}", Dashboard.Show(embedded.Index[Index.Hook], Busy, new() { Rows = 5, NeuronpediaSource = "m/4-res" }).Page!.AbsoluteUri, StringComparison.Ordinal);
        Assert.DoesNotContain(bare.Histograms, h => h.IsOfLogits); // that needs the unembedding
    }

    [Fact]
    public void A_direction_is_shown_by_its_products_with_the_hooks_activations()
    {
        var model = embedded.Bench.Model;
        using var direction = randn(model.Config.DModel, generator: new Generator(1));
        var dashboard = Dashboard.Show(Index, direction, "at random");

        // The slow twin: every sequence by itself, and all products of tokens that count.
        List<float> products = [];
        for (var s = 0; s < Index.Corpus.Sequences; s++)
        {
            using var run = model.Run(new TokenBatch([Index.Corpus.TokenIds(s).ToArray()]), Index.Hook);
            using var product = run[Index.Hook][0].matmul(direction);
            products.AddRange(product.data<float>().ToArray().Where((_, i) => Index.Corpus.Counts(Index.Corpus.Start(s) + i)));
        }
        Assert.Equal(products.Max(), dashboard.Groups[0].Examples[0].Activation, 1e-2);
        Assert.Equal(products.Min(), dashboard.Groups[^1].Examples[0].Activation, 1e-2);
        Assert.Equal(products.Count, dashboard.Histograms[0].Counts.Sum());
        Assert.Equal(LogitWeights.Of(model, direction, 8).Top.Select(t => t.Token.Id), dashboard.Logits!.Top.Select(t => t.Token.Id));
        XElement.Parse(dashboard.ToHtml());
        Assert.Throws<ArgumentException>(() => Dashboard.Show(Index, direction.unsqueeze(0), "x"));
        Assert.Throws<ArgumentException>(() => Dashboard.Show(Index, direction * float.NaN, "x"));
        Assert.Throws<InvalidOperationException>(() => Dashboard.Show(embedded.Index[Index.Hook], direction, "x"));
    }

    [Fact]
    public void A_latents_direction_finds_itself_and_leaves_no_native_memory()
    {
        using var direction = embedded.Sae.Direction(Busy);
        var before = LiveTensors.Count();
        var dashboard = Dashboard.Show(Index, direction, "itself", new() { DirectionTokens = 500 });
        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal((Busy, 1.0), (dashboard.Neighbours[0].Latents[0].Latent, Math.Round(dashboard.Neighbours[0].Latents[0].Value, 4)));
    }

    [Fact]
    public void The_site_holds_a_page_for_each_latent_and_points_nowhere_else()
    {
        var site = embedded.At("site");
        int[] latents = [Busy, Dead, .. Index.Nearest(Busy, 3).Select(n => n.Latent)];
        Dashboard.Export(Index, site, [.. latents.Distinct()]);

        var files = Directory.GetFiles(site, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(site, f)).Order(StringComparer.Ordinal);
        Assert.Equal(latents.Distinct().Select(l => Path.Combine("latents", $"{l}.js")).Concat(["index.html", "latents.js"]).Order(StringComparer.Ordinal), files);
        var index = File.ReadAllText(Path.Combine(site, "index.html"));
        Assert.Equal("latents.js", Assert.Single(Regex.Matches(index, @"\ssrc=""([^""]+)""")).Groups[1].Value);
        Assert.DoesNotMatch(new Regex(@"https?://(?!www\.w3\.org)|url\(|@import|<link(?! rel=""icon"" href=""data:,"")"), index);

        var entries = Entries(Path.Combine(site, "latents.js"));
        Assert.Equal(latents.Distinct(), entries.Select(e => e[0].GetInt32()));
        foreach (var latent in latents.Distinct())
        {
            var html = Page(Path.Combine(site, "latents", $"{latent}.js"), latent);
            Assert.Equal(html, SaeNotebooks.Features.Dashboards.Rendering.DashboardHtml.Write(Dashboard.Show(Index, latent), l => latents.Contains(l) ? $"#{l}" : null));
            foreach (var link in XElement.Parse(html).Descendants("a"))
                Assert.Contains(int.Parse(link.Attribute("href")!.Value[1..], System.Globalization.CultureInfo.InvariantCulture), latents);
        }
    }

    [Fact]
    public void A_site_is_written_anew_and_nothing_else_is_overwritten()
    {
        var (site, mine) = (embedded.At("again"), embedded.At("mine"));
        Dashboard.Export(Index, site, [Busy, Dead]);
        Dashboard.Export(Index, site, [Dead]);
        Assert.Single(Directory.GetFiles(Path.Combine(site, "latents")));

        Directory.CreateDirectory(mine);
        File.WriteAllText(Path.Combine(mine, "thesis.txt"), "years of work");
        Assert.Throws<IOException>(() => Dashboard.Export(Index, mine, [Dead]));
        Assert.Throws<IOException>(() => Dashboard.Export(Index, Path.Combine(mine, "thesis.txt"), [Dead]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Dashboard.Export(Index, site, [Index.Width]));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Dashboard.Export(Index, site, [Busy], cancellation: cancelled.Token));
        Assert.Equal([$"{Dead}.js"], Directory.GetFiles(Path.Combine(site, "latents")).Select(Path.GetFileName));
        Assert.Single(Directory.GetFileSystemEntries(mine));
        Assert.DoesNotContain(Directory.GetDirectories(embedded.Folder), d => d.EndsWith(".partial", StringComparison.Ordinal) || d.EndsWith(".old", StringComparison.Ordinal));
    }

    [Fact]
    public void A_latent_goes_out_as_neuronpedias_record_and_comes_back_as_the_same_dashboard()
    {
        var path = embedded.At("records.jsonl.gz");
        NeuronpediaExport.Write(Index, path, [Busy, Dead], "tiny/4-res");
        var records = NeuronpediaFile.Read(path);
        Assert.Equal([Busy, Dead], records.Select(r => r.Index));
        Assert.Equal(("tiny", "4-res", Index.Hook.ToString()), (records[0].ModelId, records[0].Layer, records[0].HookName));
        Assert.Equal(Index.Statistics(Busy).Rate, records[0].FracNonzero, 12);
        Assert.Empty(records[1].Activations);

        var (back, shown) = (NeuronpediaDashboard.Of(records[0]), Dashboard.Show(Index, Busy, new() { Top = 20, Bins = 50, Rows = 10 }));
        Assert.Equal(shown.Groups.Select(g => g.Title), back.Groups.Select(g => g.Title));
        Assert.Equal(shown.Groups.SelectMany(g => g.Examples).Select(e => e.Activation), back.Groups.SelectMany(g => g.Examples).Select(e => e.Activation));
        Assert.Equal(shown.Histograms[0].Counts, back.Histograms[0].Counts);
        Assert.Equal(shown.Histograms[0].To, back.Histograms[0].To, 1e-6 * shown.Histograms[0].To);
        Assert.Equal(shown.Logits!.Top.Select(t => t.Token.Text), back.Logits!.Top.Select(t => t.Token.Text));
        Assert.Throws<ArgumentException>(() => NeuronpediaExport.Record(Index, Busy, "tiny"));
    }

    private static JsonElement[][] Entries(string path) => JsonSerializer.Deserialize<JsonElement[][]>(Between(File.ReadAllText(path), "saeSite.latents("))!;

    private static string Page(string path, int latent) => JsonSerializer.Deserialize<string>(Between(File.ReadAllText(path), $"saeSite.page({latent}, "))!;

    private static string Between(string script, string start)
    {
        Assert.StartsWith(start, script, StringComparison.Ordinal);
        Assert.EndsWith(");\n", script, StringComparison.Ordinal);
        return script[start.Length..^3];
    }
}
