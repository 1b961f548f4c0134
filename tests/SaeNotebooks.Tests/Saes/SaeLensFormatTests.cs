using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Saes.Formats;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

public sealed class SaeLensFormatTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sae").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Config => Path.Combine(_folder, "cfg.json");

    private string Weights => Path.Combine(_folder, "sae_weights.safetensors");

    [Theory, InlineData("standard"), InlineData("topk"), InlineData("jumprelu")]
    public void What_is_saved_is_what_was_loaded_byte_for_byte(string architecture)
    {
        using (var sae = SaeLensFormat.Load(Golden.PathOf("sae_saelens_" + architecture)))
        {
            SaeLensFormat.Save(sae, _folder);
            using var again = SaeLensFormat.Load(_folder);
            Assert.Equal((sae.Config, sae.ToString()), (again.Config, again.ToString()));
        }
        var (before, after) = (Tensors(Golden.PathOf("sae_saelens_" + architecture, "sae_weights.safetensors")), Tensors(Weights));
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        foreach (var name in before.Keys) Assert.Equal(before[name], after[name]);
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var nowhere = Path.Combine(_folder, "nowhere");
        Assert.Contains(nowhere, Assert.Throws<CheckpointException>(() => SaeLensFormat.Load(nowhere)).Message);
    }

    [Theory]
    [InlineData("architecture", "\"temporal\"", "'temporal'; known are standard, transcoder")]
    [InlineData("architecture", null, "'architecture': missing")]
    [InlineData("k", null, "'k': missing")]
    [InlineData("k", "0", "is 0, expected a positive integer")]
    [InlineData("k", "129", "is 129; expected 1 to d_sae, which is 128")]
    [InlineData("d_sae", "127", "cfg.json implies [32, 127]")]
    [InlineData("d_in", "31", "cfg.json implies [31, 128]")]
    [InlineData("d_in", "\"32\"", "'d_in': is 32, expected a positive integer")]
    [InlineData("d_out", "16", "is 16, but only a transcoder")]
    [InlineData("normalize_activations", "\"batch_norm\"", "'batch_norm'; known are none, expected_average_only_in, constant_norm_rescale, layer_norm")]
    [InlineData("normalize_activations", "\"expected_average_only_in\"", "give it (ActivationScale")]
    [InlineData("reshape_activations", "\"hook_q\"", "known are none and hook_z")]
    [InlineData("apply_b_dec_to_input", "1", "expected true or false")]
    [InlineData("metadata", null, "which hook the SAE reads")]
    public void A_configuration_that_cannot_be_followed_is_refused(string key, string? value, string expected)
    {
        CopyGolden("topk");
        var json = JsonNode.Parse(File.ReadAllText(Config))!.AsObject();
        json.Remove(key);
        if (value is not null) json[key] = JsonNode.Parse(value);
        File.WriteAllText(Config, json.ToJsonString());
        AssertRefused(expected);
    }

    [Theory]
    [InlineData("hook_name", "\"blocks.1.hook_resid_pots\"", "did you mean")]
    [InlineData("hook_head_index", "2", "on a single head")]
    public void Metadata_that_cannot_be_followed_is_refused(string key, string value, string expected)
    {
        CopyGolden("topk");
        var json = JsonNode.Parse(File.ReadAllText(Config))!.AsObject();
        json["metadata"]![key] = JsonNode.Parse(value);
        File.WriteAllText(Config, json.ToJsonString());
        AssertRefused(expected);
    }

    [Fact]
    public void Broken_JSON_is_refused()
    {
        CopyGolden("topk");
        File.WriteAllText(Config, "{");
        AssertRefused("not valid JSON");
    }

    [Theory, InlineData("W_enc"), InlineData("W_dec"), InlineData("b_enc"), InlineData("b_dec"), InlineData("threshold")]
    public void A_missing_tensor_and_one_of_another_shape_are_named(string name)
    {
        Rewrite("jumprelu", tensors => tensors.Remove(name));
        AssertRefused($"'{name}': is missing; the file has");
        Rewrite("jumprelu", tensors => tensors[name] = zeros(3, 5));
        AssertRefused($"'{name}': has shape [3, 5]; cfg.json implies");
    }

    [Theory, InlineData("standard", "threshold"), InlineData("topk", "b_gate")]
    public void An_unknown_tensor_is_refused_and_not_ignored(string architecture, string name)
    {
        Rewrite(architecture, tensors => tensors[name] = ones(128));
        AssertRefused($"'{name}': is not a tensor of a {architecture} SAE");
    }

    [Fact]
    public void Truncated_weights_are_refused()
    {
        CopyGolden("topk");
        File.WriteAllBytes(Weights, File.ReadAllBytes(Weights)[..^100]);
        AssertRefused("truncated");
    }

    /// <summary>Refused in one line, with no tensor left behind.</summary>
    private void AssertRefused(string expected)
    {
        var before = LiveTensors.Count();
        var error = Assert.Throws<CheckpointException>(() => SaeLensFormat.Load(_folder));
        Assert.Contains(expected, error.Message);
        Assert.Contains(_folder, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(before, Tensor.TotalCount);
    }

    private void CopyGolden(string architecture)
    {
        foreach (var path in new[] { Config, Weights })
            File.Copy(Golden.PathOf("sae_saelens_" + architecture, Path.GetFileName(path)), path, overwrite: true);
    }

    private void Rewrite(string architecture, Action<Dictionary<string, Tensor>> change)
    {
        CopyGolden(architecture);
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors;
        using (var file = SafetensorsFile.Open(Weights)) tensors = file.Tensors.Keys.ToDictionary(name => name, name => file.Read(name));
        change(tensors);
        SafetensorsWriter.Write(Weights, tensors);
    }

    private static Dictionary<string, byte[]> Tensors(string path)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(path);
        return file.Tensors.Keys.ToDictionary(name => name, name => file.Read(name).bytes.ToArray());
    }
}
