using SaeNotebooks.Training.LanguageModels;
using SaeNotebooks.Training.Tasks;

namespace SaeNotebooks.Training.Tests.LanguageModels;

public class BatchStreamTests
{
    private static BatchStream Stream(BatchOptions? options = null) => new(new Toy(), Toy.Pad, seed: 3, options ?? Toy.Batches);

    [Fact]
    public void Batches_from_a_number_are_those_of_reading_on()
    {
        var all = Stream().From(0).Take(30).ToList();
        var stream = Stream();
        foreach (var first in new[] { 20, 0, 7 }) // the same stream is asked again, also for what lies behind
            foreach (var (expected, found) in all.Skip(first).Zip(stream.From(first)).Take(5)) AssertSame(expected, found);
    }

    [Fact]
    public void Another_seed_gives_other_batches()
    {
        var other = new BatchStream(new Toy(), Toy.Pad, seed: 4, Toy.Batches).From(0).First();
        Assert.NotEqual(Stream().From(0).First().Targets, other.Targets);
    }

    [Fact]
    public void Every_document_of_a_pool_is_there_once_and_padded_on_the_right()
    {
        var toy = new Toy();
        var documents = Enumerable.Range(0, Toy.Batches.DocumentsPerPool).Select(i => Text(toy[i].Ids[..^1])).Order();
        Assert.Equal(documents, Pool().SelectMany(Rows).Select(row => Text(row.TakeWhile(id => id != Toy.Pad))).Order());
        Assert.All(Pool().SelectMany(Rows), row => Assert.All(row.SkipWhile(id => id != Toy.Pad), id => Assert.Equal(Toy.Pad, id)));
        Assert.All(Pool(), batch => Assert.InRange(batch.Batch * (batch.Length + 1), 1, Toy.Batches.TokensPerBatch));
        Assert.All(Pool(), batch => Assert.Equal(batch.Ids.Count(id => id != Toy.Pad), batch.Tokens));
    }

    [Fact]
    public void No_batch_of_a_pool_is_a_small_remainder()
    {
        var sizes = Pool().Select(batch => batch.Batch * batch.Length).ToList();
        Assert.True(sizes.Min() > 0.6 * sizes.Max(), string.Join(" ", sizes));
    }

    [Fact]
    public void Targets_are_the_next_tokens_and_roles_decide_which_count()
    {
        var options = Toy.Batches with { TextShare = 0, SourceShare = 0 };
        foreach (var batch in Stream(options).From(0).Take(8))
        {
            foreach (var (row, target) in batch.Rows.Zip(batch.Targets))
                if ((row + 1) % batch.Length != 0 && batch.Ids[row + 1] != Toy.Pad) Assert.Equal(batch.Ids[row + 1], target);
            var answers = Enumerable.Range(0, batch.Batch).Sum(b =>
            {
                var roles = batch.Roles[(b * batch.Length)..((b + 1) * batch.Length)];
                return roles.Count(r => r == Role.Answer) + (roles.Contains(Role.Answer) ? 1 : 0); // the end marker answers too
            });
            Assert.Equal(answers, batch.Targets.Length);
        }
    }

    [Fact]
    public void Shares_are_shares()
    {
        var batches = Stream(Toy.Batches with { TextShare = 0.3, MaskedInstructionShare = 0.6 }).From(0).Take(120).ToList();
        var text = batches.Sum(b => b.Rows.Count(r => b.Roles[r] == Role.Text));
        var all = batches.Sum(b => b.Roles.Index().Count(r => r.Item == Role.Text && b.Ids[r.Index] != Toy.Pad));
        Assert.InRange((double)text / all, 0.25, 0.35);
        var tasks = batches.SelectMany(b => b.Masked.Where((_, i) => b.Roles.Skip(i * b.Length).Take(b.Length).Contains(Role.Break))).ToList();
        Assert.InRange(tasks.Count(m => m) / (double)tasks.Count, 0.5, 0.7);
    }

    private static List<TrainingBatch> Pool()
    {
        var batches = new List<TrainingBatch>();
        foreach (var batch in Stream().From(0))
        {
            if (batches.Sum(b => b.Batch) == Toy.Batches.DocumentsPerPool) break;
            batches.Add(batch);
        }
        return batches;
    }

    private static IEnumerable<int[]> Rows(TrainingBatch batch) => batch.Ids.Chunk(batch.Length);

    private static string Text(IEnumerable<int> ids) => string.Join(' ', ids);

    private static void AssertSame(TrainingBatch expected, TrainingBatch found)
    {
        Assert.Equal(expected.Ids, found.Ids);
        Assert.Equal(expected.Masked, found.Masked);
        Assert.Equal(expected.Roles, found.Roles);
        Assert.Equal(expected.Rows, found.Rows);
        Assert.Equal(expected.Targets, found.Targets);
    }
}
