using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using SaeNotebooks.Features.Neuronpedia;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Features.Neuronpedia;

public class NeuronpediaTests
{
    /// <summary>As the API writes it, with fields that nobody here knows.</summary>
    private const string Record = """
        {"modelId":"gpt2-small","layer":"8-res-jb","index":"476","sourceSetName":"res-jb","hookName":"blocks.8.hook_resid_pre","maxActApprox":12.5,"hasVector":false,
         "vector":[],"vectorDefaultSteerStrength":10,"topkCosSimIndices":[3,9],"topkCosSimValues":[0.75,0.5],
         "neuron_alignment_indices":[1],"neuron_alignment_values":[0.3],"neuron_alignment_l1":[0.01],
         "correlated_neurons_indices":[2],"correlated_neurons_pearson":[0.4],"correlated_neurons_l1":[0.02],
         "correlated_features_indices":[7],"correlated_features_pearson":[0.9],"correlated_features_l1":[0.8],
         "neg_str":[" dog"],"neg_values":[-0.5],"pos_str":[" cat","猫"],"pos_values":[1.5,1.25],"frac_nonzero":0.00125,
         "freq_hist_data_bar_heights":[4,2,1],"freq_hist_data_bar_values":[1,3,5],"logits_hist_data_bar_heights":[5,6],"logits_hist_data_bar_values":[-1,1],
         "decoder_weights_dist":[],"umap_x":1.25,"lists":[{"id":"abc"}],
         "activations":[{"id":"x","tokens":["The"," cat"],"values":[0,12.5],"maxValue":12.5,"maxValueTokenIndex":1,"binMin":-1,"binMax":-1,"binContains":-1,"dfaValues":[],"dataSource":"owt"},
                        {"tokens":["a"," cat"],"values":[0.5,2],"maxValue":2,"maxValueTokenIndex":1,"binMin":0,"binMax":3,"binContains":0.5,"qualifyingTokenIndex":0}],
         "explanations":[{"id":"y","description":"cats","typeName":"oai_token-act-pair","explanationModelName":"gpt-4o-mini","scores":[{"value":0.9}]}]}
        """;

    private static NeuronpediaRecord Read(string text, string name = "record.json")
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(name), text);
        return NeuronpediaFile.Read(folder.File(name)).Single();
    }

    [Fact]
    public void Reading_and_writing_loses_nothing()
    {
        var record = Read(Record);
        Assert.Equal(("gpt2-small", "8-res-jb", 476, 12.5, 0.00125), (record.ModelId, record.Layer, record.Index, record.MaxActApprox, record.FracNonzero));
        Assert.Equal([" cat", "猫"], record.PosStr);
        Assert.Equal(12.5, record.Activations[0].Values[1]);
        Assert.Equal("cats", record.Explanations[0].Description);

        var written = JsonNode.Parse(NeuronpediaFile.ToJson(record))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(Record)!.AsObject())
            Assert.True(JsonNode.DeepEquals(value, written[name]), $"{name}: {value?.ToJsonString()} became {written[name]?.ToJsonString()}");
        Assert.Equal(JsonNode.Parse(Record)!.AsObject().Count, written.Count);
    }

    [Fact]
    public void One_several_and_compressed_records_are_read()
    {
        using var folder = new TemporaryFolder();
        var record = Read(Record);
        var other = record with { Index = 477 };
        NeuronpediaFile.Write(folder.File("out", "a.jsonl"), [record, other]);
        NeuronpediaFile.Write(folder.File("out", "b.jsonl.gz"), [record, other]);
        File.WriteAllText(folder.File("array.json"), $"[{Record},{NeuronpediaFile.ToJson(other)}]");

        foreach (var path in new[] { folder.File("out", "a.jsonl"), folder.File("out", "b.jsonl.gz"), folder.File("array.json") })
            Assert.Equal([476, 477], NeuronpediaFile.Read(path).Select(r => r.Index));
        Assert.Equal(2, File.ReadLines(folder.File("out", "a.jsonl")).Count());
        Assert.Equal(2, Directory.GetFiles(folder.File("out")).Length);
        using var unzipped = new StreamReader(new GZipStream(File.OpenRead(folder.File("out", "b.jsonl.gz")), CompressionMode.Decompress));
        Assert.Equal(File.ReadAllText(folder.File("out", "a.jsonl")), unzipped.ReadToEnd());
        Assert.Equal(5, Read(Record.Replace("\"476\"", "5", StringComparison.Ordinal)).Index); // a number is an index too
    }

    [Theory]
    [InlineData("", "holds no record")]
    [InlineData("[]", "holds no record")]
    [InlineData("{\"modelId\":\"m\"}", "no record of Neuronpedia")]
    [InlineData("{\"modelId\":\"m\",", "no record of Neuronpedia")]
    [InlineData("null", "null is no record")]
    [InlineData("""{"modelId":"m","layer":"l","index":"x"}""", "no record of Neuronpedia")]
    [InlineData("""{"modelId":"m","layer":"l","index":"1","pos_str":["a","b"],"pos_values":[1]}""", "latent 1 of m/l has 2 pos_str and 1 values for them")]
    [InlineData("""{"modelId":"m","layer":"l","index":"1","activations":[{"tokens":["a"],"values":[]}]}""", "1 tokens in an activation and 0 values")]
    public void What_is_no_record_is_refused_in_a_line(string text, string part)
    {
        var message = Assert.Throws<FormatException>(() => Read(text)).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.Contains("record.json", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_line_is_named_and_damaged_files_are_refused()
    {
        using var folder = new TemporaryFolder();
        var good = NeuronpediaFile.ToJson(Read(Record));
        File.WriteAllText(folder.File("a.jsonl"), $"{good}\n\n{{broken\n{good}\n");
        Assert.Contains("a.jsonl, line 3", Assert.Throws<FormatException>(() => NeuronpediaFile.Read(folder.File("a.jsonl"))).Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder.File("b.json"), [.. Encoding.UTF8.GetBytes(good), 0xFF, 0xFE]);
        Assert.Contains("damaged", Assert.Throws<FormatException>(() => NeuronpediaFile.Read(folder.File("b.json"))).Message, StringComparison.Ordinal);
        File.WriteAllText(folder.File("c.jsonl.gz"), good);
        Assert.Contains("damaged", Assert.Throws<FormatException>(() => NeuronpediaFile.Read(folder.File("c.jsonl.gz"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_is_shown_as_a_dashboard()
    {
        var dashboard = NeuronpediaDashboard.Of(Read(Record));

        Assert.Equal(("Latent 476", "cats", "gpt-4o-mini"), (dashboard.Title, dashboard.Label!.Text, dashboard.Label.Source));
        Assert.Equal("https://www.neuronpedia.org/gpt2-small/8-res-jb/476", dashboard.Page!.AbsoluteUri);
        Assert.Equal(["Strongest", "Activation 0 to 3"], dashboard.Groups.Select(g => g.Title));
        Assert.Equal((12.5f, 0.5f), (dashboard.Groups[0].Examples[0].Activation, dashboard.Groups[1].Examples[0].Activation)); // the second was drawn for its first token
        Assert.Equal((0, 6), (dashboard.Histograms[0].From, dashboard.Histograms[0].To));
        Assert.Equal([7, 3, 9], dashboard.Neighbours.SelectMany(n => n.Latents).Select(n => n.Latent));
        Assert.Contains("猫", dashboard.ToHtml(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpt2-small-res-jb", "blocks.8.hook_resid_pre", "gpt2-small/8-res-jb")]
    [InlineData("gpt2-small-res-jb-feature-splitting", "blocks.8.hook_resid_pre_3072", "gpt2-small/8-res_fs3072-jb")]
    [InlineData("gemma-scope-2b-pt-res-canonical", "layer_20/width_16k/canonical", "gemma-2-2b/20-gemmascope-res-16k")]
    [InlineData("llama_scope_lxr_32x", "l15r_32x", "llama3.1-8b/15-llamascope-res-131k")]
    [InlineData("gemma-scope-2-4b-it-res", "layer_17_width_16k_l0_medium", "gemma-3-4b-it/17-gemmascope-2-res-16k")]
    [InlineData("gemma-scope-2-4b-it-res", "layer_17_width_16k_l0_big", null)] // other SAEs have other latents
    [InlineData("gpt2-small-res-jb", "blocks.11.hook_resid_post", null)]
    [InlineData("nobody", "x", null)]
    public void Released_saes_have_their_pages(string release, string id, string? source) => Assert.Equal(source, NeuronpediaPages.SourceOf(release, id));

    [Fact]
    public void An_sae_that_names_its_page_links_to_it_and_others_do_not()
    {
        using var scope = NewDisposeScope();
        SaeConfig config = new() { Hook = Hook.ResidPost(1), ModelName = "m" };
        using var named = new Sae(config with { NeuronpediaId = "m/1 <x>" }, new TopK(1), randn(2, 3), randn(3, 2), zeros(3), zeros(2));
        using var plain = new Sae(config, new TopK(1), randn(2, 3), randn(3, 2), zeros(3), zeros(2));
        Assert.Equal("https://www.neuronpedia.org/m/1%20%3Cx%3E/2", NeuronpediaPages.Of(named, 2)!.AbsoluteUri);
        Assert.Null(NeuronpediaPages.Of(plain, 2));
    }

    [Fact]
    public void An_saes_name_there_survives_saelenss_files()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var sae = new Sae(new() { Hook = Hook.ResidPost(1), ModelName = "m", NeuronpediaId = "m/1-res" }, new TopK(1), randn(2, 3), randn(3, 2), zeros(3), zeros(2));
        SaeNotebooks.Saes.Formats.SaeLensFormat.Save(sae, folder.Path);
        using var read = SaeFile.Load(folder.Path);
        Assert.Equal("m/1-res", read.Config.NeuronpediaId);
    }
}
