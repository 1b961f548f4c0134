using SaeNotebooks.Training.Corpus;
using SaeNotebooks.Training.LanguageModels;

namespace SaeNotebooks.Training.FineTuning;

/// <summary>Examples again and again, each time in another order that the seed decides. Not safe for several threads.</summary>
internal sealed class Epochs : IExampleSource
{
    private readonly IReadOnlyList<TrainingExample> _examples;
    private readonly long _seed;
    private long _epoch = -1;
    private int[] _order = [];

    /// <exception cref="ArgumentException">there are no examples</exception>
    public Epochs(IReadOnlyList<TrainingExample> examples, long seed)
    {
        if (examples.Count == 0) throw new ArgumentException("There are no examples to fine-tune on.", nameof(examples));
        (_examples, _seed) = (examples, seed);
    }

    public TrainingExample this[long index]
    {
        get
        {
            if (index / _examples.Count is var epoch && epoch != _epoch) (_epoch, _order) = (epoch, Shuffled(new((ulong)(_seed * 1_000_003 + epoch))));
            return _examples[_order[index % _examples.Count]];
        }
    }

    private int[] Shuffled(Rng rng)
    {
        var order = Enumerable.Range(0, _examples.Count).ToArray();
        for (var i = order.Length - 1; i > 0; i--)
        {
            var j = rng.Next(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
