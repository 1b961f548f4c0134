using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Tests.Goldens;
using TorchSharp;
using static SaeNotebooks.Tests.Saes.SpecFixtures;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Saes;

public sealed class CrossLayerTranscoderTests : IDisposable
{
    private const int Layers = 3;
    private readonly SpecFixtures _files = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _files.Dispose();
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public void Latents_write_to_their_own_layer_and_to_those_after_it(bool gemma, bool skips)
    {
        var (encoders, decoders, skipMatrices, biases, thresholds) = Write(gemma, skips);
        using var transcoder = CrossLayerTranscoder.Load(_files.Folder, new() { HookIfUnknown = Hook.ResidMid(0) });
        Assert.Equal((Layers, D), (transcoder.Layers.Count, transcoder.ModelWidth));
        Tensor[] inputs = [.. Enumerable.Range(0, Layers).Select(_ => _files.Random(4, 2, D))];
        for (var to = 0; to < Layers; to++)
        {
            var expected = biases[to].Decoder.expand(4, 2, D);
            for (var from = 0; from <= to; from++)
            {
                var pre = inputs[from].matmul(encoders[from]) + biases[from].Encoder;
                expected = expected + (pre.relu() * pre.gt(thresholds[from])).matmul(decoders[from].select(1, to - from));
            }
            if (skips) expected = expected + inputs[to].matmul(skipMatrices[to]);
            Compare.MaxAbs(expected, transcoder.Reconstruct(inputs, to), 1e-4, $"layer {to}");
        }
        using var direction = transcoder.Direction(1, 5, 2);
        Compare.MaxAbs(decoders[1].select(0, 5).select(0, 1), direction, 0, "direction");
        Assert.Contains("layers 1 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => transcoder.Direction(1, 5, 0)).Message);
    }

    [Fact]
    public void One_layer_is_an_SAE_of_its_own_and_a_folder_is_referred_to_the_whole()
    {
        Write(gemma: false, skips: false);
        using var layer = SaeFile.Load(Path.Combine(_files.Folder, "W_enc_1.safetensors"), new() { HookIfUnknown = Hook.ResidMid(1) });
        Assert.Equal((D, N, 2 * D), (layer.InputWidth, layer.Width, layer.OutputWidth));
        File.Delete(Path.Combine(_files.Folder, "W_dec_2.safetensors"));
        Assert.Contains("W_dec_2", Assert.Throws<CheckpointException>(() => CrossLayerTranscoder.Load(_files.Folder, new() { HookIfUnknown = Hook.ResidMid(0) })).Message);
        Directory.CreateDirectory(_files.At("none"));
        Assert.Contains("expected W_enc_0", Assert.Throws<CheckpointException>(() => CrossLayerTranscoder.Load(_files.At("none"))).Message);
    }

    /// <returns>by source layer: encoder [d, n], decoder [n, targets, d], x · skip [d, d], biases and thresholds</returns>
    private (Tensor[] Encoders, Tensor[] Decoders, Tensor[] Skips, (Tensor Encoder, Tensor Decoder)[] Biases, Tensor[] Thresholds) Write(bool gemma, bool skips)
    {
        var (encoders, decoders, skipMatrices, biases, thresholds) = (new Tensor[Layers], new Tensor[Layers], new Tensor[Layers], new (Tensor, Tensor)[Layers], new Tensor[Layers]);
        for (var i = 0; i < Layers; i++)
        {
            (encoders[i], skipMatrices[i], biases[i], thresholds[i]) = (_files.Random(D, N), _files.Random(D, D), (_files.Random(N), _files.Random(D)), _files.Positive(N));
            var all = _files.Random(N, Layers, D);
            decoders[i] = all.narrow(1, i, Layers - i);
            var encoding = gemma
                ? new Dictionary<string, Tensor> { ["w_enc"] = encoders[i], ["w_dec"] = all, ["b_enc"] = biases[i].Item1, ["b_dec"] = biases[i].Item2, ["threshold"] = thresholds[i] }
                : new Dictionary<string, Tensor> { [$"W_enc_{i}"] = encoders[i].t(), [$"b_enc_{i}"] = biases[i].Item1, [$"b_dec_{i}"] = biases[i].Item2, [$"threshold_{i}"] = thresholds[i] };
            if (skips) encoding[gemma ? "affine_skip_connection" : $"W_skip_{i}"] = skipMatrices[i];
            _files.Safetensors(gemma ? $"params_layer_{i}.safetensors" : $"W_enc_{i}.safetensors", encoding);
            if (!gemma) _files.Safetensors($"W_dec_{i}.safetensors", new() { [$"W_dec_{i}"] = decoders[i] });
        }
        return (encoders, decoders, skipMatrices, biases, thresholds);
    }
}
