using SaeNotebooks.Models;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Models;

public class TokenPolicyTests
{
    private static readonly TokenBatch Right = new([[9, 1, 2], [9, 3]]), Left = new([[9, 1, 2], [9, 3]], Padding.Left);

    [Fact]
    public void Padding_never_counts_and_the_first_token_does_not_by_default()
    {
        Assert.Equal([1L, 2, 4], TokenPolicy.Default.Rows(Right));
        Assert.Equal([1L, 2, 5], TokenPolicy.Default.Rows(Left));
        Assert.Equal([0L, 1, 2, 4, 5], new TokenPolicy { SkipFirst = false }.Rows(Left));
        Assert.Equal([2L], new TokenPolicy { SkipIds = [1, 3] }.Rows(Right));
    }

    [Fact]
    public void Activations_much_longer_than_the_median_do_not_count()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 3, 4, 0, 1, 6, 8, 300, 400 }).view(4, 2); // norms 5, 1, 10, 500
        var policy = new TokenPolicy { LongestNorm = 3 };
        var limit = policy.NormLimit(x);
        Assert.Equal(15, limit, 1e-5); // torch takes the lower of two middle values
        Assert.Equal([true, true, true, false], TokenPolicy.Within(x, limit).data<bool>().ToArray());
        Assert.Equal(double.PositiveInfinity, TokenPolicy.Default.NormLimit(x));
        foreach (var none in new[] { 0, -1, double.NaN }) Assert.Contains("above 0", Assert.Throws<ArgumentException>(() => new TokenPolicy { LongestNorm = none }).Message);
    }

    [Fact]
    public void A_policy_says_what_it_leaves_out() => Assert.Equal(
        "without padding, the first token of each prompt (BOS), 1 special tokens, activations longer than 10 × the median",
        new TokenPolicy { SkipIds = [5], LongestNorm = 10 }.ToString());
}
