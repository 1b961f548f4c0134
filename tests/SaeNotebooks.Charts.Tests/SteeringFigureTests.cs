using SaeNotebooks.Figures;
using SaeNotebooks.Models;
using SaeNotebooks.Steering;
using SaeNotebooks.Steering.Judging;

namespace SaeNotebooks.Charts.Tests;

public class SteeringFigureTests
{
    [Fact]
    public void A_dose_response_is_a_line_with_error_bars_beside_the_unedited_mean()
    {
        var response = new DoseResponse("share translated", [0, 1, 4], [[1, 3], [2, 2], [4, 8]], [1, 3]);
        var figure = response.ToFigure("More is more");
        Assert.Equal("More is more", figure.Title);
        Assert.Equal([0,1,4], Numbers(figure, "data[0].x"));
        Assert.Equal([2,2,6], Numbers(figure, "data[0].y"));
        Assert.Equal([0,1,1], Numbers(figure, "data[0].error_y.array"));
        Assert.Equal("unedited", figure.Get("layout.annotations[0].text")!.ToString());
        Assert.Contains("<svg", response.ToSvg());
    }

    [Fact]
    public void Ratings_show_their_score_over_the_dose()
    {
        SteeringRating none = new(0, 2, 2), half = new(1, 1, 1), full = new(2, 2, 2);
        var scores = new SteeringScores("numbers", "a reader", [1, 2], [[half, half], [full, half]], [none, none]);
        var html = scores.ToHtml();
        Assert.Contains("numbers", html);
        Assert.Contains("a reader", html);
        Assert.Contains("<svg", html);
        Assert.Equal([1, 1.5], scores.Response().Means);
    }

    [Fact]
    public void Movers_are_bars_before_and_after()
    {
        TokenShift shift = new(new Token(3, " le"), 0.1, 0.6), other = new(new Token(4, "the"), 0.7, 0.2);
        var figure = new NextTokenShift([shift, other], other, shift, 0.9, 0.5).ToFigure();
        Assert.Contains("'the' gives way to '·le'", figure.Title);
        Assert.Equal([0.1,0.7], Numbers(figure, "data[0].y"));
        Assert.Equal([0.6,0.2], Numbers(figure, "data[1].y"));
    }

    private static double[] Numbers(Figure figure, string path) => [.. figure.Get(path)!.AsArray().Select(n => (double)n!)];
}
