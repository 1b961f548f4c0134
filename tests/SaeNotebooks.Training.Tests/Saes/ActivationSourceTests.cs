using SaeNotebooks.Checkpoints;
using SaeNotebooks.Hooks;
using SaeNotebooks.Models;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Saes.Activations;
using SaeNotebooks.Training.Saes.Architectures;
using SaeNotebooks.Training.Saes.Learning;
using SaeNotebooks.Training.Tests.LanguageModels;
using static TorchSharp.torch;

namespace SaeNotebooks.Training.Tests.Saes;

[Collection(TensorTests.Name)]
public sealed class ActivationSourceTests : IDisposable
{
    private static readonly HookName[] Hooks = [Hook.ResidPost(0), Hook.Z(1)];
    private readonly string _folder = Directory.CreateTempSubdirectory("activations").FullName;
    private readonly HookedTransformer _model;
    private readonly ModelActivations _source;

    public ActivationSourceTests()
    {
        using var parameters = new DecoderParameters(Toy.Shape, seed: 4);
        _model = Toy.Export(parameters);
        _source = new(_model, Hooks, new Toy(), "toy") { DocumentsPerBlock = 5 };
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Activations_are_those_of_the_model_without_BOS_and_padding()
    {
        using var scope = NewDisposeScope();
        var toy = new Toy();
        using var block = _source.Block(2);
        var at = 0;
        foreach (var ids in Enumerable.Range(10, 5).Select(i => toy[i].Ids).OrderBy(ids => ids.Length))
        {
            using var run = _model.Run(ids, HookSet.Create(Hooks));
            foreach (var hook in Hooks)
            {
                var expected = run[hook][0].narrow(0, 1, ids.Length - 1).flatten(1); // heads side by side
                Assert.InRange((expected - block[hook].narrow(0, at, ids.Length - 1)).abs().max().item<float>(), 0, 1e-4f);
            }
            at += ids.Length - 1;
        }
        Assert.Equal(at, block.Tokens);
    }

    [Fact]
    public void Long_activations_are_left_out_at_every_hook()
    {
        using var all = _source.Block(0);
        var strict = new ModelActivations(_model, Hooks, new Toy(), "toy") { DocumentsPerBlock = 5, Policy = new() { LongestNorm = 1.2 } };
        using var some = strict.Block(0);
        using var again = strict.Block(0);
        using var scope = NewDisposeScope();
        Assert.InRange(some.Tokens, 1, all.Tokens - 1);
        Assert.Equal(some.Tokens, again.Tokens);
        foreach (var hook in Hooks)
        {
            var limit = strict.Policy.NormLimit(all[hook]);
            Assert.InRange(some[hook].norm(-1).max().item<float>(), 0, limit * 1.0001);
        }
        Assert.NotEqual(_source.Identity, strict.Identity);
    }

    [Fact]
    public void Stored_activations_are_the_same_again_and_begin_anew_after_the_last()
    {
        StoredActivations.Write(_source, _folder, blocks: 2);
        var stored = new StoredActivations(_folder);
        Assert.Equal(Hooks.Order(), stored.Hooks);
        foreach (var number in new[] { 0, 1, 2 })
        {
            using var expected = _source.Block(number % 2);
            using var actual = stored.Block(number);
            foreach (var hook in Hooks) Assert.True(expected[hook].equal(actual[hook]).all().item<bool>());
        }
        Assert.Equal([Hook.Z(1)], new StoredActivations(_folder, [Hook.Z(1)]).Hooks);
        Assert.Contains("blocks.1.hook_resid_post", Assert.Throws<CheckpointException>(() => new StoredActivations(_folder, [Hook.ResidPost(1)])).Message);
        Assert.Contains("has no safetensors files", Assert.Throws<CheckpointException>(() => new StoredActivations(Path.Combine(_folder, "none"))).Message);
    }

    [Fact]
    public void SAEs_of_several_hooks_learn_from_one_pass()
    {
        var source = new ModelActivations(_model, Hooks, new Toy(), "toy") { DocumentsPerBlock = 200 };
        SaeJob[] jobs = [.. Hooks.Select(h => new SaeJob(h, new TopKArchitecture { Width = 64, K = 8 }))];
        using var training = new SaeTraining(source, jobs, new() { Steps = 60, TokensPerStep = 256, Rate = 5e-3, WarmUpSteps = 5, DecaySteps = 20 });
        Assert.Contains("give one name for each", Assert.Throws<ArgumentException>(() => training.Run(names: ["one", "two", "three"])).Message);
        var curves = training.Run(names: ["first", "second"]);
        for (var i = 0; i < jobs.Length; i++)
        {
            using var sae = training.Build(i, "toy", 48);
            using var fresh = source.Block(50);
            using var scope = NewDisposeScope();
            var x = fresh[Hooks[i]];
            var explained = 1 - (sae.Reconstruct(x) - x).pow(2).sum().item<float>() / (x - x.mean([0L])).pow(2).sum().item<float>();
            Assert.InRange(explained, 0.3, 1);
        }
        Assert.Equal("topk at blocks.1.attn.hook_z", jobs[1].ToString());
        Assert.Matches("^first: Loss .*\nsecond: Loss ", curves.ToText());
    }
}
