using System.Globalization;
using System.Text.Json.Nodes;
using SaeNotebooks.Checkpoints;
using SaeNotebooks.Cli.Verbs;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Saes.Formats;
using TorchSharp;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Tests;

public sealed class SaeVerbTests : IDisposable
{
    private const int D = 6, N = 20, Out = 5;
    private readonly string _folder = Directory.CreateTempSubdirectory("verbs").FullName;
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string At(string name) => Path.Combine(_folder, name);

    [Fact]
    public async Task Encode_writes_latents_reconstruction_and_error()
    {
        using var sae = Make(isTranscoder: false);
        SaeLensFormat.Save(sae, At("sae"));
        var x = randn(3, D);
        SafetensorsWriter.Write(At("x.safetensors"), new Dictionary<string, Tensor> { ["x"] = x, ["half"] = x.to(float16) });
        Assert.Equal(0, await Run("encode", "--sae", At("sae"), "--input", At("x.safetensors"), "--key", "x", "--out", At("new/out.safetensors")));
        using var file = SafetensorsFile.Open(At("new/out.safetensors"));
        var acts = (x.matmul(sae.Encoder) + sae.EncoderBias).relu();
        AssertClose(acts, file.Read("acts"));
        AssertClose(acts.matmul(sae.Decoder) + sae.DecoderBias, file.Read("recon"));
        AssertClose(x - acts.matmul(sae.Decoder) - sae.DecoderBias, file.Read("error"));
        Assert.Equal([float32, float32, float32], file.Tensors.Values.Select(t => t.Dtype));
        Assert.Single(Directory.GetFiles(At("new")));
        Assert.Equal(0, await Run("encode", "--sae", At("sae"), "--input", At("x.safetensors"), "--key", "half", "--out", At("half.safetensors")));
    }

    [Fact]
    public async Task A_transcoder_is_measured_against_its_target()
    {
        using var sae = Make(isTranscoder: true);
        SaeLensFormat.Save(sae, At("sae"));
        Tensor x = randn(3, D), y = randn(3, Out);
        SafetensorsWriter.Write(At("x.safetensors"), new Dictionary<string, Tensor> { ["x"] = x, ["y"] = y });
        Assert.Equal(0, await Run("encode", "--sae", At("sae"), "--input", At("x.safetensors"), "--target-key", "y", "--out", At("out.safetensors")));
        using (var file = SafetensorsFile.Open(At("out.safetensors"))) AssertClose(y - sae.Reconstruct(x), file.Read("error"));
        Assert.Equal(0, await Run("encode", "--sae", At("sae"), "--input", At("x.safetensors"), "--out", At("none.safetensors")));
        using (var file = SafetensorsFile.Open(At("none.safetensors"))) Assert.Equal(["acts", "recon"], file.Names.Order());
        Assert.Equal(1, await Run("encode", "--sae", At("sae"), "--input", At("x.safetensors"), "--target-key", "x", "--out", At("wrong.safetensors")));
        Assert.False(File.Exists(At("wrong.safetensors")));
    }

    [Fact]
    public async Task What_does_not_fit_leaves_no_file()
    {
        using var sae = Make(isTranscoder: false);
        SaeLensFormat.Save(sae, At("sae"));
        SafetensorsWriter.Write(At("x.safetensors"), new Dictionary<string, Tensor> { ["x"] = randn(3, D + 1) });
        string[] good = ["encode", "--sae", At("sae"), "--input", At("x.safetensors"), "--out", At("out.safetensors")];
        Assert.Equal(1, await Run(good));
        Assert.Equal(1, await Run([.. good, "--key", "z"]));
        Assert.Equal(1, await Run([.. good, "--hook", "blocks.1.hook_resid_pots"]));
        Assert.Equal(1, await Run([.. good, "--format", "nothing"]));
        Assert.False(File.Exists(At("out.safetensors")));
    }

    [Fact]
    public async Task Convert_writes_what_SAELens_opens()
    {
        using var sae = Make(isTranscoder: false);
        SaeLensFormat.Save(sae, At("sae"));
        Assert.Equal(0, await Run("convert", "--sae", At("sae"), "--to", "saelens", "--out", At("copy")));
        using (var copy = SaeFile.Load(At("copy"))) Assert.Equal(sae.Config, copy.Config);
        Assert.Equal(0, await Run("convert", "--sae", At("sae"), "--to", "hub", "--hook", "blocks.2.hook_resid_post", "--model", "other", "--out", At("hub")));
        Assert.True(File.Exists(At("hub/README.md")));
        using (var copy = SaeFile.Load(At("hub"))) Assert.Equal((Hook.ResidPost(2), "other"), (copy.Config.Hook, copy.Config.ModelName));
        Assert.Equal(1, await Run("convert", "--sae", At("nothing"), "--out", At("none")));
        Assert.Equal(1, await Run("convert", "--sae", "tiny:blocks.4.hook_resid_pots", "--out", At("none")));
        Assert.False(Directory.Exists(At("none")));
    }

    [Fact]
    public async Task An_SAE_whose_hook_nobody_knows_is_converted_without_one()
    {
        using var sae = Make(isTranscoder: false);
        SaeLensFormat.Save(sae, At("sae"), namesHook: false);
        Assert.Equal(0, await Run("convert", "--sae", At("sae"), "--out", At("copy")));
        Assert.Equal(File.ReadAllText(At("sae/cfg.json")), File.ReadAllText(At("copy/cfg.json")));
        Assert.Contains("which hook the SAE reads; give it", Assert.Throws<CheckpointException>(() => SaeFile.Load(At("copy"))).Message);
        Assert.Equal(1, await Run("convert", "--sae", At("sae"), "--to", "hub", "--out", At("hub")));
        Assert.False(Directory.Exists(At("hub")));
    }

    [Fact]
    public async Task A_shipped_SAE_is_named_by_its_set_and_hook()
    {
        SafetensorsWriter.Write(At("x.safetensors"), new Dictionary<string, Tensor> { ["x"] = randn(3, 192) });
        Assert.Equal(0, await Run("encode", "--sae", "tiny:blocks.4.hook_resid_post", "--input", At("x.safetensors"), "--out", At("out.safetensors")));
        using var file = SafetensorsFile.Open(At("out.safetensors"));
        Assert.Equal([3, 192], file.ShapeOf("recon"));
    }

    [Fact]
    public async Task A_folder_for_the_hub_says_what_was_measured_of_a_shipped_SAE()
    {
        Assert.Equal(0, await Run("convert", "--sae", "tiny:blocks.4.hook_resid_post", "--to", "hub", "--out", At("hub")));
        var card = JsonNode.Parse(File.ReadAllText(DataFolder.Combine("saes", "tiny", "card.json")))!.AsArray().First(c => (string)c!["hook"]! == "blocks.4.hook_resid_post")!;
        var readme = File.ReadAllText(Path.Combine(At("hub"), "README.md"));
        Assert.Contains($"| L0 | {((double)card["l0"]!).ToString("0.####", CultureInfo.InvariantCulture)} |", readme);
        Assert.Contains($"Measured on {card["tokens"]} tokens, without BOS", readme);
    }

    private static Sae Make(bool isTranscoder) => new(
        new() { Hook = Hook.ResidMid(1), ModelName = "tiny", IsTranscoder = isTranscoder, OutputHook = isTranscoder ? Hook.MlpOut(1) : (HookName?)null, SubtractDecoderBias = false },
        new Relu(), randn(D, N), randn(N, isTranscoder ? Out : D), randn(N), randn(isTranscoder ? Out : D));

    private static Task<int> Run(params string[] arguments) => CommandLine.Run(arguments, [EncodeVerb.Create(), ConvertVerb.Create()]);

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.allclose(actual, 1e-4, 1e-4));
    }
}
