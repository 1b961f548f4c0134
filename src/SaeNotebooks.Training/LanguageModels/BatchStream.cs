using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.LanguageModels;

/// <summary>How documents become batches and which of their tokens count.</summary>
public sealed record BatchOptions
{
    /// <summary>Tokens per batch, padding included, at most.</summary>
    public int TokensPerBatch { get; init; } = 8192;

    /// <summary>Documents that are sorted by length together, to keep padding small.</summary>
    public int DocumentsPerPool { get; init; } = 2048;

    /// <summary>Share of task documents whose instruction or solved examples only the break token may look at.</summary>
    public double MaskedInstructionShare { get; init; } = 0.75;

    /// <summary>Share of the tokens of running text that count in the loss.</summary>
    public double TextShare { get; init; } = 0.5;

    /// <summary>Share of the tokens of sources and questions that count in the loss, those of solved examples too. Answers always count, wordings never.</summary>
    public double SourceShare { get; init; } = 0.25;
}

/// <summary>The batches of a training run, by number: any of them can be made again, so that a killed run resumes anywhere.</summary>
internal sealed class BatchStream(IExampleSource examples, int padId, long seed, BatchOptions options)
{
    /// <summary>Batches from the one with number <paramref name="first"/> on. Pools before it are made too, because only that tells
    /// how many batches they hold.</summary>
    public IEnumerable<TrainingBatch> From(long first)
    {
        var number = 0L;
        for (var pool = 0L; ; pool++)
            foreach (var batch in Pool(pool))
                if (number++ >= first) yield return batch;
    }

    private List<TrainingBatch> Pool(long pool)
    {
        var rng = new Rng((ulong)(seed * 1_000_003 + pool));
        var start = pool * options.DocumentsPerPool;
        var documents = Enumerable.Range(0, options.DocumentsPerPool)
            .Select(i => examples[start + i])
            .OrderBy(e => e.Ids.Length)
            .ToList();
        var batches = Cut(documents).Select(part => Assemble(documents[part], rng)).ToList();
        for (var i = batches.Count - 1; i > 0; i--)
        {
            var j = rng.Next(i + 1);
            (batches[i], batches[j]) = (batches[j], batches[i]);
        }
        return batches;
    }

    /// <summary>Parts of at most so many tokens, and no more parts than that takes. The limit is lowered as far as it can be without another part: a last
    /// part of the few documents that are left would get a whole optimiser step to itself.</summary>
    private List<Range> Cut(List<TrainingExample> documents)
    {
        var parts = Cut(documents, options.TokensPerBatch);
        for (var (low, high) = (1, options.TokensPerBatch); low < high;)
        {
            var limit = (low + high) / 2;
            var smaller = Cut(documents, limit);
            if (smaller.Count <= parts.Count) (parts, high) = (smaller, limit);
            else low = limit + 1;
        }
        return parts;
    }

    /// <summary>Parts of documents sorted by length, each padded to its longest: of at most so many tokens, or of one document.</summary>
    private static List<Range> Cut(List<TrainingExample> documents, int limit)
    {
        var parts = new List<Range>();
        for (var (at, next) = (0, 0); at < documents.Count; at = next)
        {
            while (next < documents.Count && (next == at || (next + 1 - at) * documents[next].Ids.Length <= limit)) next++;
            parts.Add(at..next);
        }
        return parts;
    }

    private TrainingBatch Assemble(List<TrainingExample> documents, Rng rng)
    {
        var length = documents.Max(d => d.Ids.Length) - 1; // the last token is only ever a target
        var ids = Enumerable.Repeat(padId, documents.Count * length).ToArray();
        var roles = new Role[ids.Length];
        var masked = new bool[documents.Count];
        List<long> rows = [], targets = [];
        for (var b = 0; b < documents.Count; b++)
        {
            var (tokens, role) = (documents[b].Ids, documents[b].Roles);
            masked[b] = role.Contains(Role.Break) && rng.NextDouble() < options.MaskedInstructionShare;
            tokens.AsSpan(0, tokens.Length - 1).CopyTo(ids.AsSpan(b * length));
            role.AsSpan(0, role.Length - 1).CopyTo(roles.AsSpan(b * length));
            for (var i = 1; i < tokens.Length; i++)
            {
                if (rng.NextDouble() >= ShareOf(role[i])) continue;
                rows.Add(b * length + i - 1);
                targets.Add(tokens[i]);
            }
        }
        return new(ids, documents.Count, length, masked, roles, [.. rows], [.. targets], documents.Sum(d => d.Ids.Length - 1));
    }

    private double ShareOf(Role role) => role switch
    {
        Role.Answer or Role.ShotAnswer => 1,
        Role.Text => options.TextShare,
        Role.Source or Role.Question => options.SourceShare,
        Role.Shot or Role.Break => options.SourceShare,
        _ => 0,
    };
}
