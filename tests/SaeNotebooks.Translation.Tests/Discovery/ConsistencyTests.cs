using SaeNotebooks.Hooks;
using SaeNotebooks.Saes;
using SaeNotebooks.Saes.Activations;
using SaeNotebooks.Translation.Discovery;
using static TorchSharp.torch;

namespace SaeNotebooks.Translation.Tests.Discovery;

public class ConsistencyTests
{
    [Fact]
    public void The_three_measures_by_hand()
    {
        using var scope = NewDisposeScope();
        // u = e₁, e₁, e₂ of any length: UᵀU / 3 = diag(2/3, 1/3); pairs 1, 0, 0; Σ u = (2, 1).
        var measured = Consistency.Of(tensor(new float[,] { { 2, 0 }, { 5, 0 }, { 0, 0.1f } }));
        Assert.Equal(2 / 3.0, measured.Rho, 1e-6);
        Assert.Equal(1 / 3.0, measured.Cosine, 1e-6);
        Assert.Equal(Math.Sqrt(5) / 3, measured.Resultant, 1e-6);
    }

    [Fact]
    public void The_Gram_matrix_has_the_largest_eigenvalue_of_the_covariance()
    {
        using var scope = NewDisposeScope();
        var vectors = randn([9, 40], generator: manual_seed(2));
        var units = (vectors / vectors.norm(1).unsqueeze(1)).to(float64);
        var slow = linalg.eigvalsh(units.t().matmul(units) / 9)[-1].item<double>();
        Assert.Equal(slow, Consistency.Of(vectors).Rho, 1e-6);
    }

    [Fact]
    public void Vectors_of_one_direction_have_a_cosine_of_1_where_the_legacy_code_says_2()
    {
        using var scope = NewDisposeScope();
        var same = Consistency.Of(ones(6, 3));
        Assert.Equal((1, 1, 1), (Math.Round(same.Rho, 9), Math.Round(same.Cosine, 9), Math.Round(same.Resultant, 9)));
        Assert.Equal(2.0, same.DoubledCosine, 1e-9);
    }

    [Theory]
    [InlineData(ZeroRows.Count, 0.6)]
    [InlineData(ZeroRows.Drop, 1)]
    public void Zero_rows_count_or_are_dropped(ZeroRows policy, double rho)
    {
        using var scope = NewDisposeScope();
        var rows = cat([ones(6, 4), zeros(4, 4)], 0);
        var measured = Consistency.Of(rows, policy);
        Assert.Equal(rho, measured.Rho, 1e-9);
        Assert.Equal(4, measured.Zeros);
        var signs = Consistency.OfSigns([1, 1, 1, 1, 1, 1, 0, 0, 0, 0], policy);
        Assert.Equal((measured.Rho, measured.Cosine, measured.Resultant), (signs.Rho, signs.Cosine, signs.Resultant), Close);
    }

    [Fact]
    public void Opposite_directions_have_one_axis_and_no_resultant()
    {
        using var scope = NewDisposeScope();
        var rows = tensor(new float[] { 1, -1, 1, -1 }).unsqueeze(1) * tensor(new float[] { 3, 4 });
        var (measured, signs) = (Consistency.Of(rows), Consistency.OfSigns([1, -1, 1, -1]));
        Assert.Equal((1, -1 / 3.0, 0), (measured.Rho, measured.Cosine, measured.Resultant), Close);
        Assert.Equal((signs.Rho, signs.Cosine, signs.Resultant), (measured.Rho, measured.Cosine, measured.Resultant), Close);
    }

    [Fact]
    public void A_latent_that_never_fires_has_zeros_and_no_NaN()
    {
        using var scope = NewDisposeScope();
        foreach (var policy in Enum.GetValues<ZeroRows>())
            foreach (var measured in new[] { Consistency.Of(zeros(5, 3), policy), Consistency.OfSigns([0, 0, 0, 0, 0], policy), Consistency.OfSigns([], policy) })
                Assert.Equal((0, 0, 0), (measured.Rho, measured.Cosine, measured.Resultant));
    }

    [Theory]
    [InlineData(false, 0.0)]
    [InlineData(false, 4.0)]
    [InlineData(true, 3.0)]
    public void Influence_in_closed_form_is_that_of_full_decoding(bool clamp, double value)
    {
        using var scope = NewDisposeScope();
        using var sae = TinyModel.RandomSae(0);
        var rows = randn([30, TinyModel.Width], generator: manual_seed(3)) * 3;
        var change = new LatentChange(clamp, value);
        foreach (var latent in new[] { 0, 17, 40 })
        {
            using Tensor closed = Influence.InClosedForm(sae, rows, latent, change), decoded = Influence.ByDecoding(sae, rows, latent, change);
            Assert.True(closed.allclose(decoded, 1e-4, 1e-4), $"latent {latent}");
            Assert.True(closed.abs().max().item<float>() > 0.1);
        }
    }

    [Theory]
    [InlineData(40)]
    [InlineData(24)]
    [InlineData(4)]
    [InlineData(0)]
    public void At_its_own_layer_rho_is_the_firing_rate(int firing)
    {
        // A synthetic SAE whose latent 0 fires on the first rows alone; the others fire everywhere.
        using var scope = NewDisposeScope();
        using var sae = new Sae(new() { Hook = Hook.ResidPost(0), ModelName = "synthetic", SubtractDecoderBias = false }, new Relu(), eye(3), randn([3, 3], generator: manual_seed(1)), zeros(3), zeros(3));
        var rows = rand([40, 3], generator: manual_seed(2)) + 0.1f;
        rows.narrow(0, firing, 40 - firing).select(1, 0).neg_();
        var ablation = LatentChange.Multiply(0);
        using var latents = sae.Encode(rows);
        using var influences = Influence.InClosedForm(sae, rows, 0, ablation);
        var rho = Consistency.Of(influences).Rho;
        Assert.Equal(firing / 40.0, rho, 1e-6);
        Assert.Equal(rho, Influence.Consistency(latents[0], ablation).Rho, 1e-6);
        // The paper's text forces the latent to a high value: every case then moves, always along the same direction.
        var clamp = LatentChange.Clamp(50);
        using var clamped = Influence.InClosedForm(sae, rows, 0, clamp);
        Assert.Equal(1, Consistency.Of(clamped).Rho, 1e-6);
        Assert.Equal(1, Influence.Consistency(latents[0], clamp).Rho, 1e-6);
    }

    [Fact]
    public void The_table_has_the_authors_columns()
    {
        DiscoveredLatent[] found = [new(2291, 0.97, 12, 0.96, 3, new(0.96123, 0.92456, 0.96003, 294, 11))];
        Assert.Equal("layer,index,value,cosine,resultant_r,pca_ratio\n12,2291,0.0,0.9246,0.9600,0.9612\n", ConsistencyCsv.Of(12, found, 0));
        Assert.Contains("12,2291,0.0,1.8491,", ConsistencyCsv.Of(12, found, 0, doubledCosine: true));
    }

    private static bool Close((double, double, double) a, (double, double, double) b) =>
        Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9 && Math.Abs(a.Item3 - b.Item3) < 1e-9;
}
