using SaeNotebooks.Models;
using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Tests.LanguageModels;

/// <summary>A language that a tiny model learns within seconds: numbers that go up by a step which the first two give away.</summary>
internal sealed class Toy : IExampleSource
{
    public const int Vocabulary = 40, Pad = 2, FirstNumber = 3;

    public static DecoderShape Shape { get; } = new(Layers: 2, Width: 32, Heads: 2, MlpWidth: 64, Vocabulary, Context: 48);

    public static BatchOptions Batches { get; } = new() { TokensPerBatch = 512, DocumentsPerPool = 64 };

    public static TrainingPlan Plan(int steps) => new() { Steps = steps, WarmUp = 5, Seed = 3 };

    /// <summary>One document in three is a task, with an instruction, a source, a break and an answer.</summary>
    public TrainingExample this[long index]
    {
        get
        {
            var rng = new Rng((ulong)index + 11);
            var (start, step, length) = (rng.Next(Vocabulary - FirstNumber), 1 + rng.Next(3), 6 + rng.Next(20));
            int[] numbers = [.. Enumerable.Range(0, length).Select(i => FirstNumber + (start + i * step) % (Vocabulary - FirstNumber))];
            Role[] roles = index % 3 == 0
                ? [Role.Instruction, Role.Instruction, Role.Source, Role.Source, Role.Break, .. Enumerable.Repeat(Role.Answer, length - 5)]
                : [.. Enumerable.Repeat(Role.Text, length)];
            return new([0, .. numbers, 1], [Role.Text, .. roles, roles[^1]]);
        }
    }

    /// <summary>The weights as a model of the library, through the files that would be shipped.</summary>
    public static HookedTransformer Export(DecoderParameters parameters)
    {
        var folder = Directory.CreateTempSubdirectory("toy-model-").FullName;
        try
        {
            HuggingFaceCheckpoint.Write(parameters, folder);
            return HookedTransformer.Load(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
