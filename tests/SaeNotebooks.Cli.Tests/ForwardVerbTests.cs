using SaeNotebooks.Checkpoints;
using SaeNotebooks.Cli.Verbs;
using Spectre.Console;
using static TorchSharp.torch;

namespace SaeNotebooks.Cli.Tests;

/// <summary>The whole command, on checkpoints with the results of the reference implementation beside them.</summary>
public sealed class ForwardVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("forward").FullName;
    private readonly IAnsiConsole _console = AnsiConsole.Console;
    private readonly StringWriter _said = new();

    public ForwardVerbTests() => AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_said) });

    public void Dispose()
    {
        AnsiConsole.Console = _console;
        Directory.Delete(_folder, recursive: true);
    }

    private static string Golden(string family) => Path.Combine(Repository.Find().Root, "tests", "SaeNotebooks.Tests", "Goldens", family);

    private string Output => Path.Combine(_folder, "new", "acts.safetensors");

    private string Tokens(string json)
    {
        var path = Path.Combine(_folder, "ids.json");
        File.WriteAllText(path, json);
        return path;
    }

    private static int[] Ids(SafetensorsFile golden, string name)
    {
        using var ids = golden.Read(name);
        return ids.to(ScalarType.Int32).data<int>().ToArray();
    }

    private Task<int> Run(string model, string tokens, params string[] more) =>
        CommandLine.Run(["forward", "--model", model, "--tokens", tokens, "--out", Output, .. more], [ForwardVerb.Create()]);

    /// <summary>In a process of its own, because a process loads libtorch once.</summary>
    [Fact]
    public async Task A_libtorch_that_cannot_be_loaded_is_named_in_one_line()
    {
        File.WriteAllText(Path.Combine(_folder, "libtorch_cpu.so"), "no library");
        async Task<string> Said(string libraries)
        {
            var result = await ChildProcess.Run("dotnet",
                [typeof(ChildProcess).Assembly.Location, "forward", "--model", Golden("llama"), "--tokens", Tokens("[[1]]"), "--out", Output],
                environment: new Dictionary<string, string> { ["SAENOTEBOOKS_TORCH_LIB"] = libraries }, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal(1, result.ExitCode);
            return Assert.Single(result.Output.Trim().Split('\n'));
        }
        Assert.Contains($"SAENOTEBOOKS_TORCH_LIB is '{_folder}/none', which has no libtorch_cpu.so", await Said(_folder + "/none"));
        Assert.Contains($"Cannot load {_folder}/libtorch_cpu.so: restore the packages", await Said(_folder));
    }

    [Theory]
    [InlineData("gpt2"), InlineData("gemma2"), InlineData("qwen3")]
    public async Task Activations_logits_and_tokens_are_those_of_the_reference(string family)
    {
        using var golden = SafetensorsFile.Open(Path.Combine(Golden(family), "golden.safetensors"));
        int[][] prompts = [Ids(golden, "prompt0"), Ids(golden, "prompt1")];
        var tokens = Tokens($"[[{string.Join(", ", prompts[0])}],\n [{string.Join(",", prompts[1])}]]");
        Assert.Equal(0, await Run(Golden(family), tokens, "--capture", "blocks.1.hook_resid_post, blocks.3.hook_resid_post", "--generate", "20"));

        using var written = SafetensorsFile.Open(Output);
        Assert.Equal(8, written.Tensors.Count);
        void Same(string expected, string actual)
        {
            using var scope = NewDisposeScope();
            var (e, a) = (golden.Read(expected)[0], written.Read(actual));
            Assert.Equal(e.shape, a.shape);
            Assert.InRange((e - a).abs().max().item<float>(), 0, 5e-5);
        }
        for (var i = 0; i < 2; i++)
        {
            Same($"single{i}.resid_post.1", $"{i}.blocks.1.hook_resid_post");
            Same($"single{i}.resid_post.3", $"{i}.blocks.3.hook_resid_post");
            Same($"single{i}.logits", $"{i}.logits");
            Assert.Equal(Ids(golden, $"gen.single{i}")[prompts[i].Length..], Ids(written, $"{i}.generated"));
        }
    }

    [Fact]
    public async Task In_bfloat16_activations_are_written_as_float32()
    {
        Assert.Equal(0, await Run(Golden("llama_bf16"), Tokens("[[2, 5, 9]]"), "--capture", "hook_embed", "--dtype", "bfloat16"));
        using var written = SafetensorsFile.Open(Output);
        Assert.Equal(["0.hook_embed", "0.logits"], written.Tensors.Keys.Order());
        Assert.All(written.Tensors.Values, t => Assert.Equal(ScalarType.Float32, t.Dtype));
    }

    [Theory]
    [InlineData("[[2, 320]]", "", "prompt 0: Token id 320 is not in the model's vocabulary of 320")]
    [InlineData("[[2], []]", "", "prompt 1 has no tokens")]
    [InlineData("[]", "", "there are no prompts")]
    [InlineData("[[2, \"a\"]]", "", "expected a JSON list of lists of token ids")]
    [InlineData("[[2]]", "blocks.9.hook_resid_post", "the model has 4 layers, 0 to 3")]
    [InlineData("[[2]]", "blocks.0.hook_resid_pots", "did you mean 'blocks.0.hook_resid_post'")]
    [InlineData("[[2]]", "blocks.0.attn.hook_rot_q", "does not exist in a model of the family gpt2")]
    public async Task A_failure_is_one_line_and_leaves_no_file(string tokens, string capture, string message)
    {
        Assert.Equal(1, await Run(Golden("gpt2"), Tokens(tokens), "--capture", capture, "--generate", "3"));
        var said = _said.ToString().TrimEnd();
        Assert.Contains(message, said);
        Assert.DoesNotContain('\n', said);
        Assert.Equal(["ids.json"], Directory.GetFileSystemEntries(_folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Missing_files_and_too_much_to_generate_are_named()
    {
        Assert.Equal(1, await Run(Golden("gpt2"), Path.Combine(_folder, "none.json")));
        Assert.Equal(1, await Run(Path.Combine(_folder, "no-model"), Tokens("[[2]]")));
        Assert.Equal(1, await Run(Golden("gpt2"), Tokens("[[2]]"), "--generate", "64"));
        var lines = _said.ToString().TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains("none.json: no such file", lines[0]);
        Assert.Contains("no-model", lines[1]);
        Assert.Contains("exceed the model's context of 64", lines[2]);
        Assert.False(File.Exists(Output));
    }
}
