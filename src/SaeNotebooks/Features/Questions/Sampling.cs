namespace SaeNotebooks.Features.Questions;

/// <summary>Chooses examples of a latent.</summary>
internal static class Sampling
{
    /// <summary>The strongest, at most one of each sequence.</summary>
    public static IReadOnlyList<Example> Top(IndexedCorpus corpus, Occurrences occurrences, int count, ContextWindow window)
    {
        RequireCount(count);
        var best = new PriorityQueue<int, (ushort Code, int Later)>(); // the weakest first, and of equals the last in the corpus
        for (var i = 0; i < occurrences.Count;)
        {
            var end = corpus.EndOfSequence(corpus.PlaceOf(occurrences.Places[i]).Sequence);
            var peak = i;
            for (; i < occurrences.Count && occurrences.Places[i] < end; i++)
                if (occurrences.Bits(i) > occurrences.Bits(peak)) peak = i;
            var rank = (occurrences.Bits(peak), -peak);
            if (best.Count < count) best.Enqueue(peak, rank);
            else if (count > 0) best.EnqueueDequeue(peak, rank);
        }
        var chosen = new int[best.Count];
        for (var i = chosen.Length - 1; i >= 0; i--) chosen[i] = best.Dequeue();
        return Examples(corpus, occurrences, chosen, window);
    }

    /// <summary>Some of all firings, in the order of the corpus.</summary>
    public static IReadOnlyList<Example> Random(IndexedCorpus corpus, Occurrences occurrences, int count, ContextWindow window, int seed)
    {
        RequireCount(count);
        return Examples(corpus, occurrences, Ordinals(new Random(seed), occurrences.Count, count), window);
    }

    /// <summary>Some of each part of the range, the strongest part first; of a part the strongest first.</summary>
    /// <param name="corpus">the text</param>
    /// <param name="occurrences">the latent's</param>
    /// <param name="borders">[parts + 1] codes, ascending</param>
    /// <param name="each">examples of each part</param>
    /// <param name="window">how much of the text</param>
    /// <param name="seed">of the choice</param>
    public static IReadOnlyList<ExampleBand> Bands(IndexedCorpus corpus, Occurrences occurrences, int[] borders, int each, ContextWindow window, int seed)
    {
        RequireCount(each);
        var partOf = new byte[CodeCounts.Length];
        var parts = borders.Length - 1;
        if (parts > byte.MaxValue) throw new ArgumentOutOfRangeException(nameof(borders), parts, "The range is divided into at most 255 parts.");
        for (var part = 0; part < parts; part++) partOf.AsSpan(borders[part], borders[part + 1] - borders[part]).Fill((byte)part);
        var counts = new int[parts];
        for (var i = 0; i < occurrences.Count; i++) counts[partOf[occurrences.Bits(i)]]++;
        var chosen = Chosen(occurrences, partOf, [.. counts.Select((count, part) => Ordinals(new Random(HashCode(seed, part)), count, each))]);
        var bands = new ExampleBand[parts];
        var strongest = 0f;
        for (var i = 0; i < occurrences.Count; i++) strongest = Math.Max(strongest, occurrences[i]);
        for (var part = 0; part < parts; part++)
        {
            var examples = Examples(corpus, occurrences, [.. chosen[part]], window);
            bands[part] = new(Border(occurrences, borders[part]), part == parts - 1 ? strongest : Border(occurrences, borders[part + 1]), counts[part], counts[part] / (double)Math.Max(1, occurrences.Count),
                [.. examples.OrderByDescending(e => e.Activation)]);
        }
        Array.Reverse(bands);
        return bands;
    }

    /// <summary>The example at one of a latent's firings.</summary>
    public static Example At(IndexedCorpus corpus, Occurrences occurrences, long place, ContextWindow window)
    {
        var bare = corpus.Window(place, window, static _ => 0);
        var activations = (float[])bare.Activations;
        var first = place - bare.Focus;
        var index = occurrences.Places.BinarySearch((uint)first);
        for (var i = index < 0 ? ~index : index; i < occurrences.Count && occurrences.Places[i] - first < activations.Length; i++)
            activations[occurrences.Places[i] - first] = occurrences[i];
        return bare;
    }

    /// <summary>Some numbers below a total without repetition, ascending; all if there are no more.</summary>
    public static int[] Ordinals(Random random, int total, int count)
    {
        if (count >= total) return [.. Enumerable.Range(0, total)];
        var chosen = new SortedSet<int>();
        for (var j = total - count; j < total; j++) // Floyd's sampling
            if (random.Next(j + 1) is var number && !chosen.Add(number)) chosen.Add(j);
        return [.. chosen];
    }

    public static void RequireCount(int count)
    {
        if (count < 0) throw new ArgumentOutOfRangeException(nameof(count), count, "Ask for no fewer than 0 examples.");
    }

    /// <summary>By part, the firings with the wanted ordinal numbers within it.</summary>
    private static List<int>[] Chosen(Occurrences occurrences, byte[] partOf, int[][] wanted)
    {
        var (seen, next) = (new int[wanted.Length], new int[wanted.Length]);
        List<int>[] chosen = [.. wanted.Select(_ => new List<int>())];
        for (var i = 0; i < occurrences.Count; i++)
        {
            var part = partOf[occurrences.Bits(i)];
            if (next[part] < wanted[part].Length && wanted[part][next[part]] == seen[part])
            {
                chosen[part].Add(i);
                next[part]++;
            }
            seen[part]++;
        }
        return chosen;
    }

    private static Example[] Examples(IndexedCorpus corpus, Occurrences occurrences, int[] chosen, ContextWindow window)
    {
        var examples = new Example[chosen.Length];
        for (var i = 0; i < chosen.Length; i++) examples[i] = At(corpus, occurrences, occurrences.Places[chosen[i]], window);
        return examples;
    }

    /// <summary>The largest activation below a border.</summary>
    private static float Border(Occurrences occurrences, int code) => code == 0 ? 0 : occurrences.ValueOf((ushort)(code - 1));

    private static int HashCode(int seed, int part) => unchecked(seed * 397 ^ part);
}
